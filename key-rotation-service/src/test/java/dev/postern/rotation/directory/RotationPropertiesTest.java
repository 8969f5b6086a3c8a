package dev.postern.rotation.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
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

        assertThat(defaults.tokenSigning())
                .isEqualTo(new RotationProperties.TokenSigning(
                        Duration.ofHours(12),
                        Duration.ofMinutes(6),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(15)));
        assertThat(defaults.followers())
                .containsExactlyInAnyOrder(
                        "service/gateway-service",
                        "service/token-service",
                        "service/redaction-service",
                        "service/inference-relay",
                        "service/audit-service");
        assertThat(defaults.operators()).containsExactly("operator/cli");
        assertThat(defaults.patience()).isEqualTo(Duration.ofSeconds(12));
    }

    @Test
    void names() {
        RotationProperties set = bind(Map.of(
                "postern.rotation.token-signing.period", "1h",
                "postern.rotation.token-signing.verification-window", "2m",
                "postern.rotation.token-signing.acknowledgement-deadline", "3s",
                "postern.rotation.token-signing.consumer-window", "4s",
                "postern.rotation.token-signing.owner-silence", "20s",
                "postern.rotation.followers", "service/gateway-service",
                "postern.rotation.operators", "operator/other",
                "postern.rotation.patience", "1s"));

        assertThat(set.tokenSigning())
                .isEqualTo(new RotationProperties.TokenSigning(
                        Duration.ofHours(1),
                        Duration.ofMinutes(2),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(20)));
        assertThat(set.followers()).containsExactly("service/gateway-service");
        assertThat(set.operators()).containsExactly("operator/other");
    }

    @Test
    void nothingTakesNoTime() {
        assertThatThrownBy(() -> bind(Map.of("postern.rotation.token-signing.period", "0s")))
                .isInstanceOf(BindException.class);
    }
}
