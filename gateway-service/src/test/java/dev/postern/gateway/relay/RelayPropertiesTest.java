package dev.postern.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class RelayPropertiesTest {
    @Test
    void defaultsWhenOnlyEndpointsAreGiven() {
        assertThat(bind(Map.of()))
                .isEqualTo(new RelayProperties(
                        List.of(URI.create("https://localhost:8743")),
                        URI.create("https://localhost:8543"),
                        8,
                        64,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(120),
                        DataSize.ofMegabytes(16),
                        DataSize.ofMegabytes(1),
                        DataSize.ofMegabytes(1)));
    }

    @Test
    void namesWhenSetThenTheyBind() {
        RelayProperties bound = bind(Map.of(
                "sessions", "3",
                "streams-before-next", "8",
                "session-wait", "1s",
                "deadline", "2s",
                "answer-limit", "2MB",
                "event-limit", "3KB",
                "stream-buffer", "4KB"));

        assertThat(bound.sessions()).isEqualTo(3);
        assertThat(bound.streamsBeforeNext()).isEqualTo(8);
        assertThat(bound.sessionWait()).isEqualTo(Duration.ofSeconds(1));
        assertThat(bound.deadline()).isEqualTo(Duration.ofSeconds(2));
        assertThat(bound.limits(AnswerShape.DOCUMENT)).isEqualTo(new RelayStream.Limits(2 << 20, 4 << 10));
        assertThat(bound.limits(AnswerShape.EVENTS)).isEqualTo(new RelayStream.Limits(3 << 10, 4 << 10));
    }

    @Test
    void valuesWhenOutOfBoundsThenRefused() {
        for (Map<String, String> bad : List.of(
                Map.of("sessions", "0"),
                Map.of("streams-before-next", "0"),
                Map.of("session-wait", "0s"),
                Map.of("deadline", "-1s"),
                Map.of("answer-limit", "1B"))) {
            assertThatThrownBy(() -> bind(bad)).isInstanceOf(BindException.class);
        }
    }

    private static RelayProperties bind(Map<String, String> values) {
        Map<String, String> all = new HashMap<>();
        values.forEach((name, value) -> all.put("postern.gateway.relay." + name, value));
        all.put("postern.gateway.relay.endpoints", "https://localhost:8743");
        all.put("postern.gateway.relay.token-service", "https://localhost:8543");
        return new Binder(new MapConfigurationPropertySource(all))
                .bind("postern.gateway.relay", RelayProperties.class)
                .get();
    }
}
