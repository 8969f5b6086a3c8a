package dev.postern.cli;

import dev.postern.cli.custody.ArchiveService;
import dev.postern.cli.custody.LoggedCapture;
import dev.postern.cli.terminal.Printable;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/// `postern audit captures`
@Command(
        name = "captures",
        description = "Lists captured bodies, newest first; what is in them takes two custodians.",
        mixinStandardHelpOptions = true)
final class AuditCapturesCommand implements Callable<Integer> {
    @Mixin
    private CustodyAccess access = new CustodyAccess();

    @Mixin
    private RowLimit limit = new RowLimit();

    @Override
    public Integer call() throws InterruptedException {
        int rows = limit.rows();
        try (ArchiveService service = access.service()) {
            List<LoggedCapture> captures = service.captures(seen -> seen.size() > rows).stream()
                    .limit(rows)
                    .toList();
            access.print(document(captures), out -> table(captures, out));
        }
        return 0;
    }

    static void table(List<LoggedCapture> captures, PrintWriter out) {
        if (captures.isEmpty()) {
            out.println("no captures");
        }
        captures.forEach(capture -> out.printf(
                "%-24s %-24s %-8s %-16s %-16s %s%s%n",
                Printable.of(capture.time()),
                capture.name().captureId(),
                capture.name().kind(),
                capture.name().tenant(),
                capture.name().clientId(),
                capture.name().requestId(),
                capture.isWhole() ? "" : "   parts are missing"));
    }

    private static ArrayNode document(List<LoggedCapture> captures) {
        ArrayNode document = JsonMapper.shared().createArrayNode();
        captures.forEach(capture -> document.addObject()
                .put("capture_id", capture.name().captureId())
                .put("time", capture.time())
                .put("kind", capture.name().kind())
                .put("tenant", capture.name().tenant())
                .put("client_id", capture.name().clientId())
                .put("request_id", capture.name().requestId())
                .put("whole", capture.isWhole()));
        return document;
    }
}
