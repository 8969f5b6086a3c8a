package dev.postern.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class EdgePropertiesTest {
    @Test
    void defaultsWhenNothingIsGiven() {
        assertThat(bind(Map.of()))
                .isEqualTo(new EdgeProperties(
                        DataSize.ofMegabytes(1), Map.of(), 64, Duration.ofSeconds(30), Duration.ofSeconds(60), 2048));
    }

    @Test
    void namesWhenSetThenTheyBind() {
        assertThat(bind(Map.of(
                        "postern.gateway.edge.body-limit", "2KB",
                        "postern.gateway.edge.body-limits.embeddings", "5KB",
                        "postern.gateway.edge.max-headers", "7",
                        "postern.gateway.edge.request-timeout", "3s",
                        "postern.gateway.edge.idle-timeout", "4s")))
                .isEqualTo(new EdgeProperties(
                        DataSize.ofKilobytes(2),
                        Map.of("embeddings", DataSize.ofKilobytes(5)),
                        7,
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        2048));
    }

    @Test
    void valuesWhenOutOfBoundsThenRefused() {
        assertThatThrownBy(() -> bind(Map.of("postern.gateway.edge.body-limit", "0B")))
                .isInstanceOf(BindException.class);
        assertThatThrownBy(() -> bind(Map.of("postern.gateway.edge.idle-timeout", "0s")))
                .isInstanceOf(BindException.class);
        assertThatThrownBy(() -> bind(Map.of("postern.gateway.edge.max-headers", "0")))
                .isInstanceOf(BindException.class);
        assertThatThrownBy(() -> bind(Map.of("postern.gateway.edge.body-limits.embeddings", "1GB")))
                .isInstanceOf(BindException.class);
        assertThatThrownBy(() -> bind(Map.of("postern.gateway.edge.body-limits.list-models", "1KB")))
                .isInstanceOf(BindException.class);
    }

    private static EdgeProperties bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("postern.gateway.edge", EdgeProperties.class);
    }
}
