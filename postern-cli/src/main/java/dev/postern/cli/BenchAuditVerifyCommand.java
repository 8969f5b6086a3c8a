package dev.postern.cli;

import dev.postern.cli.bench.audit.VerifyBench;
import dev.postern.cli.bench.audit.VerifyFigure;
import dev.postern.cli.platform.Upstream;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/// `postern bench audit-verify`
@Command(
        name = "audit-verify",
        description = "How fast a whole audit log is checked; needs no platform.",
        mixinStandardHelpOptions = true,
        footer = {"", "Ends 0 when the log was found sound at 100,000 entries a second at least."})
final class BenchAuditVerifyCommand implements Callable<Integer> {
    private static final long PROMISED = 100_000;

    @Option(names = "--entries", defaultValue = "1000000", paramLabel = "COUNT", description = "Default: 1000000.")
    private long entries;

    @Option(names = "--json", description = "Print one JSON document and no table.")
    private boolean json;

    @Override
    public Integer call() {
        Surroundings surroundings = Surroundings.real(Upstream.SIMULATOR);
        VerifyFigure figure = new VerifyBench(surroundings.random(), surroundings.progress()).run(Math.max(1, entries));
        if (!json) {
            System.out.printf(
                    Locale.ROOT,
                    "%,d entries, %,d MB: %.2f s, %,d entries/s; SHA-256 alone over as many octets: %.2f s%n",
                    figure.entries(),
                    figure.octets() >> 20,
                    figure.elapsed().toMillis() / 1000.0,
                    figure.entriesPerSecond(),
                    figure.reference().toMillis() / 1000.0);
        }
        System.out.println(new JsonMapper()
                .createObjectNode()
                .put("bench", "audit-verify")
                .put("entries", figure.entries())
                .put("octets", figure.octets())
                .put("milliseconds", figure.elapsed().toMillis())
                .put("entries_per_second", figure.entriesPerSecond())
                .put("sha256_milliseconds", figure.reference().toMillis())
                .put("sound", figure.sound())
                .put("processors", Runtime.getRuntime().availableProcessors()));
        return figure.sound() && figure.entriesPerSecond() >= PROMISED ? 0 : 1;
    }
}
