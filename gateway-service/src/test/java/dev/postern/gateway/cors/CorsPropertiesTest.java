package dev.postern.gateway.cors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class CorsPropertiesTest {
    @Test
    void defaultsWhenNothingIsGivenThenNobodyIsAllowed() {
        assertThat(bind(Map.of())).isEqualTo(new CorsProperties(List.of(), List.of(), false, Duration.ofMinutes(10)));
    }

    @Test
    void namesWhenSetThenTheyBind() {
        assertThat(bind(Map.of(
                        "postern.gateway.cors.allowed-origins", "https://app.example,http://localhost:3000",
                        "postern.gateway.cors.allowed-headers", "X-Trace",
                        "postern.gateway.cors.allow-credentials", "true",
                        "postern.gateway.cors.max-age", "1m")))
                .isEqualTo(new CorsProperties(
                        List.of("https://app.example", "http://localhost:3000"),
                        List.of("X-Trace"),
                        true,
                        Duration.ofMinutes(1)));
    }

    @Test
    void anyOriginWhenWithCredentialsThenRefused() {
        assertThat(bind(Map.of("postern.gateway.cors.allowed-origins", "*")).allowedOrigins())
                .containsExactly("*");
        assertThatThrownBy(() -> bind(Map.of(
                        "postern.gateway.cors.allowed-origins", "*",
                        "postern.gateway.cors.allow-credentials", "true")))
                .isInstanceOf(BindException.class)
                .hasRootCauseMessage(
                        "postern.gateway.cors.allow-credentials does not go with allowed-origins *: name the origins");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://app.example",
                "https://app.example/",
                "https://*.example",
                "app.example",
                "null",
                "https://"
            })
    void originWhenOfAnotherFormThenRefused(String origin) {
        assertThatThrownBy(() -> bind(Map.of("postern.gateway.cors.allowed-origins", origin)))
                .isInstanceOf(BindException.class);
    }

    private static CorsProperties bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("postern.gateway.cors", CorsProperties.class);
    }
}
