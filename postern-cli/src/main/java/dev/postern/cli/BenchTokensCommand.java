package dev.postern.cli;

import dev.postern.cli.bench.AdmissionFigure;
import dev.postern.cli.bench.RevocationFigure;
import dev.postern.cli.bench.TokenFigure;
import dev.postern.cli.bench.TokensBench;
import dev.postern.cli.bench.TokensReport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern bench tokens`
@Command(
        name = "tokens",
        description = "Tokens per second and core; how fast a revocation ends live streams; what admission takes.",
        mixinStandardHelpOptions = true)
final class BenchTokensCommand implements Callable<Integer>, BenchOptions.Bench<TokensReport> {
    @Mixin
    private BenchOptions options = new BenchOptions();

    @Option(names = "--streams", defaultValue = "1000", description = "Live streams to revoke; default: 1000.")
    private int streams;

    @Override
    public Integer call() throws InterruptedException {
        return options.run(this);
    }

    @Override
    public TokensReport measure(Surroundings surroundings) throws InterruptedException {
        return new TokensBench(
                        surroundings.settings(), surroundings.clock(), surroundings.random(), surroundings.progress())
                .run(options.warmup(), options.each(), streams);
    }

    @Override
    public boolean passed(TokensReport report) {
        return report.tokens().stream().allMatch(figure -> figure.failed() == 0)
                && report.firstRevocation().survivors() == 0
                && report.revocation().survivors() == 0;
    }

    @Override
    public void print(TokensReport report) {
        System.out.printf(
                "%-8s %11s %10s %10s %9s %9s %8s %16s%n",
                "target", "connections", "per s", "per core s", "p50 ms", "p99 ms", "failed", "CPU us/request");
        for (TokenFigure figure : report.tokens()) {
            System.out.printf(
                    "%-8s %11d %10.0f %10.0f %9.2f %9.2f %8d %16d%n",
                    figure.target(),
                    figure.connections(),
                    figure.perSecond(),
                    figure.perCore(),
                    figure.p50Micros() / 1000.0,
                    figure.p99Micros() / 1000.0,
                    figure.failed(),
                    figure.cpuMicros());
        }
        System.out.printf("ES256 signatures, one core, JDK alone: %.0f per s%n", report.signaturesPerSecond());
        print("first", report.firstRevocation());
        print("again", report.revocation());
        for (AdmissionFigure admission : report.admission()) {
            System.out.printf(
                    "admission, %d connection(s), %d decisions: mean %d us, p50 %d us, p99 %d us%n",
                    admission.connections(),
                    admission.count(),
                    admission.meanMicros(),
                    admission.p50Micros(),
                    admission.p99Micros());
        }
    }

    private static void print(String which, RevocationFigure revocation) {
        System.out.printf(
                "revoke to closed (%s), %d live streams: p50 %.0f ms, p99 %.0f ms, last %.0f ms, survivors %d%n",
                which,
                revocation.streams(),
                revocation.p50Micros() / 1000.0,
                revocation.p99Micros() / 1000.0,
                revocation.maxMicros() / 1000.0,
                revocation.survivors());
    }

    @Override
    public ObjectNode document(TokensReport report) {
        ObjectNode document = new JsonMapper().createObjectNode().put("bench", "tokens");
        ArrayNode runs = document.putArray("runs");
        for (TokenFigure figure : report.tokens()) {
            runs.addObject()
                    .put("target", figure.target())
                    .put("connections", figure.connections())
                    .put("per_second", Math.round(figure.perSecond()))
                    .put("per_core_second", Math.round(figure.perCore()))
                    .put("p50_us", figure.p50Micros())
                    .put("p99_us", figure.p99Micros())
                    .put("failed", figure.failed())
                    .put("cpu_us_per_request", figure.cpuMicros());
        }
        document.put("es256_signatures_per_second", Math.round(report.signaturesPerSecond()));
        document.set("first_revoke_to_closed", document(report.firstRevocation()));
        document.set("revoke_to_closed", document(report.revocation()));
        ArrayNode decisions = document.putArray("admission");
        for (AdmissionFigure admission : report.admission()) {
            decisions
                    .addObject()
                    .put("connections", admission.connections())
                    .put("count", admission.count())
                    .put("mean_us", admission.meanMicros())
                    .put("p50_us", admission.p50Micros())
                    .put("p99_us", admission.p99Micros());
        }
        return document;
    }

    private static ObjectNode document(RevocationFigure figure) {
        return new JsonMapper()
                .createObjectNode()
                .put("streams", figure.streams())
                .put("p50_us", figure.p50Micros())
                .put("p99_us", figure.p99Micros())
                .put("max_us", figure.maxMicros())
                .put("survivors", figure.survivors());
    }
}
