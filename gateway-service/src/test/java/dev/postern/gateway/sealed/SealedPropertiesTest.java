package dev.postern.gateway.sealed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.gateway.sealed.SealedProperties.LimitedClients;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class SealedPropertiesTest {
    @Test
    void defaults() {
        assertThat(bind(Map.of())).isEqualTo(new SealedProperties(LimitedClients.REFUSE, Duration.ofSeconds(10)));
    }

    @Test
    void openTimeoutWhenNoneThenRefused() {
        assertThatThrownBy(() -> bind(Map.of("postern.gateway.sealed.open-timeout", "0s")))
                .isInstanceOf(BindException.class);
    }

    private static SealedProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("postern.gateway.sealed", SealedProperties.class);
    }
}
