package dev.postern.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.cli.terminal.Failure;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeapsTest {
    @Test
    void aVariableChangesItsServiceAlone() {
        Heaps heaps = Heaps.of(Map.of("POSTERN_HEAP_RELAY", "1024"));
        assertThat(heaps.of(PlatformService.RELAY)).isEqualTo(1024);
        assertThat(heaps.of(PlatformService.GATEWAY)).isEqualTo(Heaps.usual().of(PlatformService.GATEWAY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "big", "0", "-1", "63", "99999999999"})
    void whatIsNoSizeIsNamed(String value) {
        assertThatThrownBy(() -> Heaps.of(Map.of("POSTERN_HEAP_TOKEN", value)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("POSTERN_HEAP_TOKEN");
    }
}
