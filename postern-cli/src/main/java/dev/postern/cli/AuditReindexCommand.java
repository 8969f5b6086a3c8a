package dev.postern.cli;

import dev.postern.cli.audit.index.IndexProof;
import dev.postern.cli.operator.Operator;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.Upstream;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `postern audit reindex`: rebuilds the index from the log and proves the live one equal to it.
@Command(
        name = "reindex",
        description = "Rebuilds the audit index from the log and compares every row of it with the live one.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "The platform has to be up, since only the audit-service has the days' keys; its operator's certificate is",
            "used. Events are taken and questions answered meanwhile. A day that is not what the log says is named, and",
            "replaced by the service. Ends 0 when the two are equal, 9 when they are not, 1 when it cannot be told."
        })
final class AuditReindexCommand implements Callable<Integer> {
    private static final Duration PAUSE = Duration.ofMillis(200);

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        Surroundings surroundings = Surroundings.real(Upstream.SIMULATOR);
        try (PlatformHttp http =
                new PlatformHttp(new Operator(surroundings.settings().home()).tls())) {
            JsonNode report = new IndexProof(
                            surroundings.settings().ports().endpoint(PlatformService.AUDIT),
                            http,
                            PAUSE,
                            surroundings.progress())
                    .run();
            System.out.print(json ? report + "\n" : IndexProof.text(report));
            return IndexProof.outcome(report).code();
        }
    }
}
