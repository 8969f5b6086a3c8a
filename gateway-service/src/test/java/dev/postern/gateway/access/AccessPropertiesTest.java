package dev.postern.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

final class AccessPropertiesTest {
    @Test
    void nameWhenSetThenItBinds() {
        AccessProperties bound = new Binder(new MapConfigurationPropertySource(
                        Map.of("postern.gateway.public-url", "https://llm.example.com")))
                .bind("postern.gateway", AccessProperties.class)
                .get();

        assertThat(bound.publicUrl()).isEqualTo(URI.create("https://llm.example.com"));
    }

    @ParameterizedTest
    @CsvSource({
        "https://llm.example.com,https://llm.example.com",
        "https://LLM.example.com/,https://llm.example.com",
        "https://llm.example.com:443,https://llm.example.com",
        "https://localhost:8443,https://localhost:8443"
    })
    void originWhenAskedThenAsClientsSpellIt(URI url, String origin) {
        assertThat(new AccessProperties(url).origin()).isEqualTo(origin);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://llm.example.com",
                "https://llm.example.com/base",
                "https://me@llm.example.com",
                "https://llm.example.com?a=b",
                "https:llm"
            })
    void urlWhenNoOriginThenRefused(URI url) {
        assertThatThrownBy(() -> new AccessProperties(url)).isInstanceOf(IllegalArgumentException.class);
    }
}
