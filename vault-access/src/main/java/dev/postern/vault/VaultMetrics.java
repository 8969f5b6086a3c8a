package dev.postern.vault;

import dev.postern.kms.KeyManagementException.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// The meters `postern.kms.*`; every tag is from a closed set.
final class VaultMetrics {
    /// What a call was for.
    enum Operation {
        WRAP,
        UNWRAP,
        REWRAP,
        SIGN,
        READ_KEY,
        CREATE_KEY,
        ROTATE,
        DESTROY,
        CERTIFY,
        READ_ANCHOR,
        READ_SET,
        WRITE_SET
    }

    private final MeterRegistry registry;

    VaultMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void observe(VaultCondition condition, VaultSession session, Clock clock) {
        Gauge.builder(
                        "postern.kms.available",
                        condition,
                        live -> live.finding().trouble().isEmpty() ? 1 : 0)
                .description("0 while the key management is sealed, away or refuses this service")
                .register(registry);
        Gauge.builder("postern.kms.token.remaining", session, live -> remaining(live, clock))
                .description("Life left in this service's token at the Vault; NaN for one without an end")
                .baseUnit("seconds")
                .register(registry);
    }

    void call(Operation operation, String outcome, long nanos) {
        Timer.builder("postern.kms.calls")
                .description("Calls to the key management; none is on the path of a request")
                .tag("operation", operation.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .tag("outcome", outcome)
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    void login(String outcome) {
        count("postern.kms.logins", "Logins at the Vault", outcome);
    }

    void renewal(String outcome) {
        count("postern.kms.renewals", "Renewals of the token at the Vault", outcome);
    }

    static String tag(Reason reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private void count(String name, String description, String outcome) {
        Counter.builder(name)
                .description(description)
                .tag("outcome", outcome)
                .register(registry)
                .increment();
    }

    private static double remaining(VaultSession session, Clock clock) {
        return session.end()
                .map(end -> end.equals(Instant.MIN)
                        ? 0.0
                        : Math.max(0, Duration.between(clock.instant(), end).toMillis() / 1000.0))
                .orElse(Double.NaN);
    }
}
