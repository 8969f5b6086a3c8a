package dev.postern.cli.bench;

import dev.postern.cli.home.ClientKeys;
import dev.postern.cli.operator.PemIdentity;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.PlatformSettings;
import dev.postern.cli.terminal.Progress;
import dev.postern.cli.token.TokenClient;
import dev.postern.cli.token.TokenRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;

/// What the platform adds to a chat request: the same request straight to the simulator and through all six services,
/// in one run.
public final class EdgeBench {
    private static final List<Integer> CONNECTIONS = List.of(1, 32);

    private final PlatformSettings settings;
    private final Clock clock;
    private final Progress progress;
    private final SSLContext tls;

    public EdgeBench(PlatformSettings settings, Clock clock, Progress progress) {
        this.settings = settings;
        this.clock = clock;
        this.progress = progress;
        this.tls = PemIdentity.trusting(settings.home().caCertificate());
    }

    /// Measures both targets at each number of connections.
    ///
    /// @param warmup before anything is measured; a JVM needs 30 s of load before its figures settle
    /// @param each the length of each measurement
    public List<EdgeFigure> run(Duration warmup, Duration each) throws InterruptedException {
        progress.say("Warming up for " + warmup.toSeconds() + " s.");
        run(platform(), 16, warmup.multipliedBy(5).dividedBy(6));
        run(direct(), 16, warmup.dividedBy(6));
        List<EdgeFigure> figures = new ArrayList<>();
        for (int connections : CONNECTIONS) {
            for (boolean through : List.of(false, true)) {
                Target target = through ? platform() : direct();
                progress.detail(target.name() + ", " + connections + " connection(s), " + each.toSeconds() + " s");
                figures.add(measure(target, connections, each));
            }
        }
        return figures;
    }

    private EdgeFigure measure(Target target, int connections, Duration each) throws InterruptedException {
        PlatformCpu before = PlatformCpu.now(settings);
        LoadRun.Result result = run(target, connections, each);
        Map<String, Long> micros = new LinkedHashMap<>();
        PlatformCpu.now(settings)
                .microsSince(before, result.latencies().count())
                .forEach((service, spent) -> micros.put(service, Math.round(spent)));
        long total = micros.values().stream().mapToLong(Long::longValue).sum();
        return new EdgeFigure(
                target.name(),
                connections,
                result.latencies().count() / (result.took().toMillis() / 1000.0),
                result.latencies().percentile(0.50),
                result.latencies().percentile(0.99),
                result.failed(),
                total,
                micros);
    }

    private LoadRun.Result run(Target target, int connections, Duration duration) throws InterruptedException {
        return LoadRun.run(target, connections, duration);
    }

    private Target direct() {
        return Target.direct(settings.ports().simulatorEndpoint());
    }

    private Target platform() throws InterruptedException {
        try (TokenClient tokens = new TokenClient(settings.ports().endpoint(PlatformService.TOKEN), tls, clock)) {
            String token = tokens.fetch(
                    TokenRequest.of(new ClientKeys(settings.home(), "demo"), "llm:invoke", TokenRequest.GATEWAY));
            return Target.platform(settings.ports().endpoint(PlatformService.GATEWAY), tls, token);
        }
    }
}
