package dev.postern.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

final class TokenServicePropertiesTest {

    private static final Map<String, String> REQUIRED = Map.of(
            "postern.sts.issuer", "https://localhost:8543",
            "postern.sts.data-directory", "data",
            "postern.sts.bootstrap-file", "data/bootstrap-clients.json");

    @Test
    void bindWhenOnlyRequiredThenDefaults() {
        TokenServiceProperties properties = bind(REQUIRED);
        assertThat(properties.tokenLifetime()).isEqualTo(Duration.ofMinutes(5));
        assertThat(properties.assertionLifetime()).isEqualTo(Duration.ofMinutes(5));
        assertThat(properties.clockSkew()).isEqualTo(Duration.ofSeconds(30));
        assertThat(properties.tokenEndpoint()).isEqualTo("https://localhost:8543/oauth2/token");
    }

    @ParameterizedTest
    @CsvSource({
        "postern.sts.issuer, http://localhost:8543",
        "postern.sts.issuer, https://localhost:8543?x=1",
        "postern.sts.token-lifetime, 6m",
        "postern.sts.token-lifetime, 0s",
        "postern.sts.assertion-lifetime, 2h",
        "postern.sts.clock-skew, 2m",
        "postern.sts.clock-skew, -1s"
    })
    void bindWhenOutOfBoundsThenRefused(String name, String value) {
        Map<String, String> values = new HashMap<>(REQUIRED);
        values.put(name, value);
        assertThatThrownBy(() -> bind(values)).rootCause().hasMessageContaining("postern.sts");
    }

    private static TokenServiceProperties bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bind("postern.sts", TokenServiceProperties.class)
                .get();
    }
}
