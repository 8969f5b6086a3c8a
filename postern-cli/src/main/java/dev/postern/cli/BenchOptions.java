package dev.postern.cli;

import dev.postern.cli.platform.Upstream;
import java.time.Duration;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// What all benchmarks can be told, and do alike: visit the platform, measure, print a table and one JSON document.
final class BenchOptions {
    @Option(names = "--json", description = "Print one JSON document and no table.")
    private boolean json;

    @Option(names = "--warmup", defaultValue = "30", paramLabel = "SECONDS", description = "Default: 30.")
    private int warmup;

    @Option(names = "--seconds", defaultValue = "10", paramLabel = "SECONDS", description = "Each run; default: 10.")
    private int seconds;

    Duration warmup() {
        return Duration.ofSeconds(warmup);
    }

    Duration each() {
        return Duration.ofSeconds(seconds);
    }

    /// One benchmark.
    interface Bench<R> {
        R measure(Surroundings surroundings) throws InterruptedException;

        void print(R result);

        /// Complete but for the number of processors.
        ObjectNode document(R result);

        /// Whether nothing failed.
        boolean passed(R result);
    }

    /// The exit code.
    <R> int run(Bench<R> bench) throws InterruptedException {
        Surroundings surroundings = Surroundings.real(Upstream.SIMULATOR);
        try (PlatformVisit _ = PlatformVisit.begin(surroundings)) {
            R result = bench.measure(surroundings);
            if (!json) {
                bench.print(result);
            }
            System.out.println(bench.document(result)
                    .put("processors", Runtime.getRuntime().availableProcessors()));
            return bench.passed(result) ? 0 : 1;
        }
    }
}
