package dev.postern.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.gateway.admission.AdmissionProperties.WhenAway;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class AdmissionPropertiesTest {
    @Test
    void defaultsWhenNothingIsGiven() {
        assertThat(bind(Map.of())).isEqualTo(new AdmissionProperties(WhenAway.REFUSE, 1, 3, 4096, true));
    }

    @Test
    void namesWhenSetThenTheyBind() {
        assertThat(bind(Map.of(
                        "postern.gateway.admission.when-redis-is-away", "local",
                        "postern.gateway.admission.replicas", "3",
                        "postern.gateway.admission.bytes-per-token", "1",
                        "postern.gateway.admission.default-output-tokens", "512",
                        "postern.gateway.admission.ask-for-usage", "false")))
                .isEqualTo(new AdmissionProperties(WhenAway.LOCAL, 3, 1, 512, false));
    }

    @Test
    void valuesWhenOutOfBoundsThenRefused() {
        for (String name : new String[] {"replicas", "bytes-per-token", "default-output-tokens"}) {
            assertThatThrownBy(() -> bind(Map.of("postern.gateway.admission." + name, "0")))
                    .isInstanceOf(BindException.class);
        }
    }

    private static AdmissionProperties bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("postern.gateway.admission", AdmissionProperties.class);
    }
}
