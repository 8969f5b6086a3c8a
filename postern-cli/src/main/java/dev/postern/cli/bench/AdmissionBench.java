package dev.postern.cli.bench;

import dev.postern.cli.admin.AdminClient;
import dev.postern.cli.admin.TemporaryClient;
import dev.postern.cli.home.ClientDocument;
import dev.postern.cli.home.ClientKeys;
import dev.postern.cli.operator.MetricsSnapshot;
import dev.postern.cli.operator.Operator;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.platform.Deadline;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.PlatformSettings;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.token.TokenClient;
import dev.postern.cli.token.TokenRequest;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Chat requests of a client that is under every kind of limit, none of which it reaches; the gateway's own timer says
/// what admission took.
final class AdmissionBench {
    private static final String METRIC = "postern_admission_seconds";
    private static final int WARMING = 16;
    private static final long PLENTY = 1_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final PlatformSettings settings;
    private final SSLContext tls;
    private final Clock clock;
    private final SecureRandom random;

    AdmissionBench(PlatformSettings settings, SSLContext tls, Clock clock, SecureRandom random) {
        this.settings = settings;
        this.tls = tls;
        this.clock = clock;
        this.random = random;
    }

    AdmissionFigure run(int connections, Duration warmup, Duration duration) throws InterruptedException {
        URI issuer = settings.ports().endpoint(PlatformService.TOKEN);
        String name = "bench-limited-" + Long.toString(clock.millis(), Character.MAX_RADIX);
        try (AdminClient admin =
                        new AdminClient(issuer, tls, new ClientKeys(settings.home(), "security"), clock, random);
                PlatformHttp operator = new PlatformHttp(new Operator(settings.home()).tls());
                TokenClient tokens = new TokenClient(issuer, tls, clock)) {
            TemporaryClient client = TemporaryClient.register(admin, ClientDocument.application(name, "bench"), random);
            try {
                long version = admin.put("/budgets/" + name, limits(name), "").version();
                try {
                    awaitPolicy(operator, version);
                    String token = tokens.fetch(client.request("llm:invoke", TokenRequest.GATEWAY));
                    LoadRun.run(gateway(token), WARMING, warmup);
                    return measure(operator, token, connections, duration);
                } finally {
                    admin.delete("/budgets/" + name);
                }
            } finally {
                client.remove();
            }
        }
    }

    private AdmissionFigure measure(PlatformHttp operator, String token, int connections, Duration duration)
            throws InterruptedException {
        MetricsSnapshot before = metrics(operator);
        LoadRun.Result result = LoadRun.run(gateway(token), connections, duration);
        if (result.failed() > 0) {
            throw new Failure(result.failed() + " requests within their limits were not served.");
        }
        MetricsSnapshot during = metrics(operator).since(before);
        double count = during.sum(METRIC + "_count", "");
        return new AdmissionFigure(
                connections,
                Math.round(count),
                count == 0 ? 0 : Math.round(during.sum(METRIC + "_sum", "") * 1e6 / count),
                Math.round(during.quantile(METRIC, 0.50) * 1e6),
                Math.round(during.quantile(METRIC, 0.99) * 1e6));
    }

    private Target gateway(String token) {
        return Target.platform(settings.ports().endpoint(PlatformService.GATEWAY), tls, token);
    }

    private void awaitPolicy(PlatformHttp operator, long version) throws InterruptedException {
        if (!Deadline.await(PATIENCE, clock, () -> metrics(operator).sum("postern_policy_epoch", "") >= version)) {
            throw new Failure("The gateway has not heard of policy version " + version + ".");
        }
    }

    private MetricsSnapshot metrics(PlatformHttp operator) throws InterruptedException {
        return MetricsSnapshot.parse(operator.text(
                settings.ports().managementEndpoint(PlatformService.GATEWAY).resolve("/actuator/prometheus")));
    }

    private static ObjectNode limits(String client) {
        return new JsonMapper()
                .createObjectNode()
                .put("id", client)
                .put("tenant", "bench")
                .put("client", client)
                .put("model", "*")
                .put("requests_per_minute", PLENTY)
                .put("burst", PLENTY)
                .put("requests_per_day", PLENTY)
                .put("model_tokens_per_minute", 100 * PLENTY)
                .put("model_tokens_per_day", 10_000 * PLENTY)
                .put("concurrent", 1000)
                .put("spend_micros_per_day", 10_000 * PLENTY);
    }
}
