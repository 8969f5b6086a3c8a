package dev.postern.cli.bench;

import dev.postern.cli.home.ClientKeys;
import dev.postern.cli.operator.PemIdentity;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.PlatformSettings;
import dev.postern.cli.platform.ProcessRecords;
import dev.postern.cli.platform.ProcessUsage;
import dev.postern.cli.terminal.Progress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// What a token costs: `private_key_jwt`, one-time assertions, audit record on the disk before the answer. Beside it,
/// in the same run, a document from the same server and bare signatures.
public final class TokensBench {
    private static final List<Integer> CONNECTIONS = List.of(1, 4, 16);
    private static final Duration SIGNING = Duration.ofSeconds(2);
    private static final int LEAST_REQUESTS = 500;

    private final PlatformSettings settings;
    private final Clock clock;
    private final SecureRandom random;
    private final Progress progress;
    private final SSLContext tls;
    private final URI issuer;

    public TokensBench(PlatformSettings settings, Clock clock, SecureRandom random, Progress progress) {
        this.settings = settings;
        this.clock = clock;
        this.random = random;
        this.progress = progress;
        this.tls = PemIdentity.trusting(settings.home().caCertificate());
        this.issuer = settings.ports().endpoint(PlatformService.TOKEN);
    }

    /// Measures tokens, then revocation.
    ///
    /// @param warmup before anything is measured; a JVM needs 30 s of load before its figures settle
    /// @param each the length of each measurement
    /// @param streams live streams that one revocation has to end
    public TokensReport run(Duration warmup, Duration each, int streams) throws InterruptedException {
        progress.say("Warming up for " + warmup.toSeconds() + " s.");
        ClientKeys client = new ClientKeys(settings.home(), "demo");
        LoadRun.Result warm = LoadRun.run(token(SignedRequests.signing(issuer, client, clock)), 16, warmup);
        double rate = warm.latencies().count() / Math.max(0.1, warm.took().toMillis() / 1000.0);
        int enough = Math.max(LEAST_REQUESTS, (int) (rate * 2.5 * each.toSeconds()));
        List<TokenFigure> figures = new ArrayList<>();
        for (int connections : CONNECTIONS) {
            progress.detail("jwks, " + connections + " connection(s), " + each.toSeconds() + " s");
            figures.add(measure(Target.document(issuer.resolve("/oauth2/jwks"), tls), connections, each));
            progress.detail("token, " + connections + " connection(s), " + each.toSeconds() + " s");
            figures.add(measure(token(SignedRequests.sign(issuer, client, enough, clock)), connections, each));
        }
        progress.detail("bare ES256 signatures, " + SIGNING.toSeconds() + " s");
        double signatures = SignRate.measure(SIGNING, random);
        List<AdmissionFigure> admission = new ArrayList<>();
        for (int connections : CONNECTIONS) {
            progress.detail("admission, " + connections + " connection(s), " + each.toSeconds() + " s");
            admission.add(new AdmissionBench(settings, tls, clock, random).run(connections, warmup, each));
        }
        RevocationBench revocation = new RevocationBench(settings, tls, clock, random, progress);
        return new TokensReport(figures, signatures, revocation.run(streams), revocation.run(streams), admission);
    }

    private Target token(RequestSource requests) {
        return new Target("token", issuer, Optional.of(tls), requests);
    }

    private TokenFigure measure(Target target, int connections, Duration each) throws InterruptedException {
        Duration before = cpu();
        LoadRun.Result result = LoadRun.run(target, connections, each);
        int count = Math.max(1, result.latencies().count());
        long cpuMicros = cpu().minus(before).toNanos() / 1000 / count;
        return new TokenFigure(
                target.name(),
                connections,
                result.latencies().count() / (result.took().toMillis() / 1000.0),
                cpuMicros == 0 ? 0 : 1_000_000.0 / cpuMicros,
                result.latencies().percentile(0.50),
                result.latencies().percentile(0.99),
                result.failed(),
                cpuMicros);
    }

    private Duration cpu() {
        return ProcessUsage.cpu(new ProcessRecords(settings.home())
                .running(PlatformService.TOKEN.artifact())
                .pid());
    }
}
