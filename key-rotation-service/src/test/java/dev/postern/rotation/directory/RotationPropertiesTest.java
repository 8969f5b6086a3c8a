package dev.postern.rotation.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.rotation.lifecycle.RotationPolicy;
import dev.postern.rotation.lifecycle.Schedule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

final class RotationPropertiesTest {
    private static RotationProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("postern.rotation", RotationProperties.class);
    }

    @Test
    void defaults() {
        RotationProperties defaults = bind(Map.of());

        assertThat(defaults.schedule(Duration.ofHours(3)).of(KeyClass.TOKEN_SIGNING))
                .isEqualTo(RotationPolicy.standard(KeyClass.TOKEN_SIGNING));
        assertThat(defaults.schedule(Duration.ofHours(3))
                        .of(KeyClass.SERVICE_CERT)
                        .period())
                .isEqualTo(Duration.ofHours(3));
        assertThat(defaults.followers())
                .containsExactlyInAnyOrder(
                        "service/gateway-service",
                        "service/token-service",
                        "service/redaction-service",
                        "service/inference-relay",
                        "service/audit-service");
        assertThat(defaults.operators()).containsExactly("operator/cli");
        assertThat(defaults.patience()).isEqualTo(Duration.ofSeconds(12));
        assertThat(defaults.reportPatience()).isEqualTo(Duration.ofSeconds(30));
        assertThat(defaults.election()).isEqualTo(RotationProperties.Election.NONE);
        assertThat(defaults.lease()).isEqualTo(Duration.ofSeconds(6));
        assertThat(defaults.dryRun()).isFalse();
        assertThat(defaults.blackouts()).isEmpty();
    }

    /// The jitter makes it shorter and never longer.
    @Test
    void relayKeysArePublishedForFiveToTenMinutes() {
        RotationPolicy policy = bind(Map.of()).schedule(Duration.ofHours(24)).of(KeyClass.RELAY_HPKE);

        assertThat(policy.period().minus(policy.jitter())).isGreaterThanOrEqualTo(Duration.ofMinutes(5));
        assertThat(policy.period()).isLessThanOrEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void names() {
        RotationProperties set = bind(Map.ofEntries(
                Map.entry("postern.rotation.classes.token-signing.period", "1h"),
                Map.entry("postern.rotation.classes.token-signing.verification-window", "2m"),
                Map.entry("postern.rotation.classes.token-signing.acknowledgement-deadline", "3s"),
                Map.entry("postern.rotation.classes.token-signing.consumer-window", "4s"),
                Map.entry("postern.rotation.classes.token-signing.owner-silence", "20s"),
                Map.entry("postern.rotation.classes.token-signing.jitter", "10s"),
                Map.entry("postern.rotation.classes.relay-hpke.period", "10m"),
                Map.entry("postern.rotation.blackouts", "MON-FRI 08:00-18:00,22:00-04:00"),
                Map.entry("postern.rotation.dry-run", "true"),
                Map.entry("postern.rotation.election", "lease"),
                Map.entry("postern.rotation.lease", "3s"),
                Map.entry("postern.rotation.followers", "service/gateway-service"),
                Map.entry("postern.rotation.operators", "operator/other"),
                Map.entry("postern.rotation.patience", "1s"),
                Map.entry("postern.rotation.report-patience", "40s")));

        Schedule schedule = set.schedule(Duration.ofHours(24));
        assertThat(schedule.of(KeyClass.TOKEN_SIGNING))
                .isEqualTo(new RotationPolicy(
                        Duration.ofHours(1),
                        Duration.ofMinutes(2),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(10)));
        assertThat(schedule.of(KeyClass.RELAY_HPKE).period()).isEqualTo(Duration.ofMinutes(10));
        assertThat(schedule.of(KeyClass.RELAY_HPKE).jitter()).isEqualTo(Duration.ofSeconds(30));
        assertThat(schedule.blackouts()).hasSize(2);
        assertThat(set.followers()).containsExactly("service/gateway-service");
        assertThat(set.operators()).containsExactly("operator/other");
        assertThat(set.election()).isEqualTo(RotationProperties.Election.LEASE);
        assertThat(set.lease()).isEqualTo(Duration.ofSeconds(3));
        assertThat(set.reportPatience()).isEqualTo(Duration.ofSeconds(40));
        assertThat(set.dryRun()).isTrue();
    }

    @Test
    void whatCannotBeRightEndsTheStart() {
        for (Map<String, String> wrong : List.of(
                Map.of("postern.rotation.classes.token-signing.period", "0s"),
                Map.of("postern.rotation.classes.token-signing.jitter", "13h"),
                Map.of("postern.rotation.classes.relay-hpke.period", "601s"),
                Map.of("postern.rotation.classes.no-such-class.period", "1h"),
                Map.of("postern.rotation.classes.audit-epoch.period", "12h"),
                Map.of("postern.rotation.blackouts", "sometimes"),
                Map.of("postern.rotation.lease", "10ms"))) {
            assertThatThrownBy(() -> bind(wrong)).as(wrong.toString()).isInstanceOf(BindException.class);
        }
    }
}
