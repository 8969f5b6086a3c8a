package dev.postern.cli;

import dev.postern.cli.bench.audit.QueryFigures;
import dev.postern.cli.bench.audit.QueryProgram;
import dev.postern.cli.platform.Checkout;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `postern bench audit-query`
@Command(
        name = "audit-query",
        description = "What questions to the audit log cost, and how fast log and index fill; needs no platform.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Fills a log in the temporary directory, about a gigabyte for a million events, and removes it. Ends 0 when",
            "each kind of question is answered within 10 ms (p99), the log fills at least 70 %% as fast as at 10,000",
            "events, and the index rebuilt from the log equals the one that grew."
        })
final class BenchAuditQueryCommand implements Callable<Integer> {
    private static final int LEAST = 1_000;

    @Option(
            names = "--entries",
            defaultValue = "1000000",
            paramLabel = "COUNT",
            description = "A power of ten: up to each of them the rate is measured (default: ${DEFAULT-VALUE}).")
    private long entries;

    @Option(names = "--json", description = "Print one JSON document and no table.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        QueryFigures figures = new QueryProgram(Checkout.current()).run(Math.max(LEAST, entries));
        if (!json) {
            System.out.print(figures.text());
        }
        ObjectNode document = JsonMapper.shared().createObjectNode().put("bench", "audit-query");
        figures.document().propertyStream().forEach(member -> document.set(member.getKey(), member.getValue()));
        System.out.println(document.put("processors", Runtime.getRuntime().availableProcessors()));
        return figures.passed() ? 0 : 1;
    }
}
