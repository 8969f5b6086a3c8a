package dev.postern.cli;

import dev.postern.cli.custody.ArchiveService;
import dev.postern.cli.custody.CustodianFile;
import dev.postern.cli.custody.LoggedDecision;
import dev.postern.cli.custody.Printable;
import dev.postern.cli.terminal.ExitCode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/// `postern audit decisions`
@Command(
        name = "decisions",
        description = "Lists what custodians decided, from the log, and checks their signatures.",
        mixinStandardHelpOptions = true)
final class AuditDecisionsCommand implements Callable<Integer> {
    @Mixin
    private CustodyAccess access = new CustodyAccess();

    @Option(
            names = "--custodians",
            required = true,
            paramLabel = "FILE",
            description = "Public lines of the custodians, of keys that they had before too.")
    private Path custodians = Path.of("");

    @Option(names = "--limit", defaultValue = "50", description = "How many (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        List<LoggedDecision> decisions;
        try (ArchiveService service = access.service()) {
            decisions = service.decisions(CustodianFile.read(custodians), limit);
        }
        if (json) {
            out.println(Printable.json(document(decisions)));
        } else {
            decisions.forEach(decision -> out.printf(
                    "%-24s %-24s %-8s by %-16s %s%n",
                    Printable.of(decision.time()),
                    Printable.of(decision.opening()),
                    Printable.of(decision.decision()),
                    Printable.of(decision.custodian()),
                    decision.signed() ? "signed" : "NOT SIGNED with a key in " + custodians));
        }
        out.flush();
        return decisions.stream().allMatch(LoggedDecision::signed) ? ExitCode.DONE.code() : ExitCode.FAILED.code();
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
