package dev.postern.cli;

import dev.postern.cli.custody.ArchiveService;
import dev.postern.cli.custody.CustodianFile;
import dev.postern.cli.custody.LoggedDecision;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Printable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/// `postern audit decisions`
@Command(
        name = "decisions",
        description = "Lists what custodians decided, from the log, and checks their signatures.",
        mixinStandardHelpOptions = true,
        footer = {"", "Ends 0 when each is signed, 9 when one is not, another code when it cannot be told."})
final class AuditDecisionsCommand implements Callable<Integer> {
    @Mixin
    private CustodyAccess access = new CustodyAccess();

    @Option(
            names = "--custodians",
            required = true,
            paramLabel = "FILE",
            description = "Public lines of the custodians, of keys that they had before too.")
    private Path custodians = Path.of("");

    @Mixin
    private RowLimit limit = new RowLimit();

    @Override
    public Integer call() throws InterruptedException {
        int rows = limit.rows();
        List<LoggedDecision> decisions;
        try (ArchiveService service = access.service()) {
            decisions = service.decisions(CustodianFile.read(custodians), rows);
        }
        access.print(document(decisions), out -> table(decisions, out));
        boolean signed = decisions.stream().allMatch(LoggedDecision::signed);
        return (signed ? ExitCode.DONE : ExitCode.NOT_SOUND).code();
    }

    private void table(List<LoggedDecision> decisions, PrintWriter out) {
        if (decisions.isEmpty()) {
            out.println("no decisions");
        }
        decisions.forEach(decision -> out.printf(
                "%-24s %-24s %-8s by %-16s %s%n",
                Printable.of(decision.time()),
                Printable.of(decision.opening()),
                Printable.of(decision.decision()),
                Printable.of(decision.custodian()),
                decision.signed() ? "signed" : "NOT SIGNED with a key in " + custodians));
    }

    private static ArrayNode document(List<LoggedDecision> decisions) {
        ArrayNode document = JsonMapper.shared().createArrayNode();
        decisions.forEach(decision -> document.addObject()
                .put("time", decision.time())
                .put("opening", decision.opening())
                .put("custodian", decision.custodian())
                .put("decision", decision.decision())
                .put("digest", decision.digest())
                .put("signed", decision.signed()));
        return document;
    }
}
