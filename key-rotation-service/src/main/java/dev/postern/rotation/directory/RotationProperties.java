package dev.postern.rotation.directory;

import dev.postern.rotation.lifecycle.Blackout;
import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.rotation.lifecycle.RotationPolicy;
import dev.postern.rotation.lifecycle.Schedule;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Rotation of keys, and who follows the directory.
///
/// @param classes by the class's name: what differs from [RotationPolicy#standard]
/// @param blackouts hours in which the schedule replaces nothing, as `MON-FRI 08:00-18:00` (UTC)
/// @param dryRun scheduled replacements are logged and not made
/// @param election how several replicas agree on one that decides
/// @param lease after which a dead leader is succeeded
/// @param followers paths below the trust domain whose polls count as heartbeat and acknowledgement
/// @param operators paths below the trust domain that may rotate, list and drill
/// @param patience how long an operator's call waits for a spare key and its activation
/// @param reportPatience how long the report of a compromise waits for what is missing
@ConfigurationProperties("postern.rotation")
public record RotationProperties(
        @DefaultValue Map<String, Timing> classes,
        @DefaultValue List<String> blackouts,
        @DefaultValue("false") boolean dryRun,
        @DefaultValue("none") Election election,
        @DefaultValue("6s") Duration lease,

        @DefaultValue({
            "service/gateway-service",
            "service/token-service",
            "service/redaction-service",
            "service/inference-relay",
            "service/audit-service"
        })
        Set<String> followers,

        @DefaultValue("operator/cli") Set<String> operators,
        @DefaultValue("12s") Duration patience,
        @DefaultValue("30s") Duration reportPatience) {
    public RotationProperties {
        classes = Map.copyOf(classes);
        blackouts = List.copyOf(blackouts);
        followers = Set.copyOf(followers);
        operators = Set.copyOf(operators);
        if (lease.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("postern.rotation.lease is a second at least");
        }
        // Whatever cannot be right ends the start.
        var _ = schedule(classes, blackouts, Duration.ofHours(24));
    }

    /// How replicas agree.
    public enum Election {
        /// There is one. A second that is started on the same ledger takes it over, and the first is fenced out.
        NONE,
        /// By a lease in Redis.
        LEASE
    }

    /// How keys of a class rotate: each member as in [RotationPolicy].
    public record Timing(
            @Nullable Duration period,
            @Nullable Duration verificationWindow,
            @Nullable Duration acknowledgementDeadline,
            @Nullable Duration consumerWindow,
            @Nullable Duration ownerSilence,
            @Nullable Duration jitter) {
        private RotationPolicy over(RotationPolicy standard) {
            Duration lasts = or(period, standard.period());
            // The jitter of a standard period is too long for a shorter one.
            Duration shakes = period == null ? standard.jitter() : lasts.dividedBy(20);
            return new RotationPolicy(
                    lasts,
                    or(verificationWindow, standard.verificationWindow()),
                    or(acknowledgementDeadline, standard.acknowledgementDeadline()),
                    or(consumerWindow, standard.consumerWindow()),
                    or(ownerSilence, standard.ownerSilence()),
                    or(jitter, shakes));
        }

        private static Duration or(@Nullable Duration own, Duration standard) {
            return own == null ? standard : own;
        }
    }

    /// @param certificateTtl the life of certificates, which is their period
    Schedule schedule(Duration certificateTtl) {
        return schedule(classes, blackouts, certificateTtl);
    }

    private static Schedule schedule(Map<String, Timing> classes, List<String> blackouts, Duration certificateTtl) {
        Map<KeyClass, RotationPolicy> policies = new EnumMap<>(KeyClass.class);
        policies.put(
                KeyClass.SERVICE_CERT,
                new Timing(certificateTtl, null, null, null, null, Duration.ZERO)
                        .over(RotationPolicy.standard(KeyClass.SERVICE_CERT)));
        classes.forEach((name, timing) -> {
            KeyClass keyClass = KeyClass.of(name)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "postern.rotation.classes has no class of keys named " + name));
            RotationPolicy policy = timing.over(RotationPolicy.standard(keyClass));
            if (policy.period().compareTo(RotationPolicy.longestPeriod(keyClass)) > 0) {
                throw new IllegalArgumentException("postern.rotation.classes." + name + ".period is at most "
                        + RotationPolicy.longestPeriod(keyClass));
            }
            if (keyClass.isOfTheDay() && timing.period() != null) {
                throw new IllegalArgumentException("postern.rotation.classes." + name
                        + ".period cannot be set: a key of this class is for one UTC day");
            }
            policies.put(keyClass, policy);
        });
        return new Schedule(policies, blackouts.stream().map(Blackout::parse).toList());
    }
}
