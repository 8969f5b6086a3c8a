package dev.postern.relay.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UsageTest {
    @Test
    void readsTheTopLevelCounts() {
        assertThat(Usage.find(
                        "{\"choices\":[{\"usage\":{\"prompt_tokens\":9}}],\"usage\":{\"prompt_tokens\":3,\"details\":{\"a\":[1]},\"completion_tokens\":5}}"
                                .getBytes(UTF_8)))
                .contains(new Usage(3, 5));
    }

    @Test
    void findsNoneWhereTheWordIsOnlyText() {
        assertThat(Usage.find("{\"text\":\"\\\"usage\\\": high\",\"x\":\"usage\"}".getBytes(UTF_8)))
                .isEmpty();
        assertThat(Usage.find("{\"usage\":null}".getBytes(UTF_8))).isEmpty();
        assertThat(Usage.find("{\"usage\":{".getBytes(UTF_8))).isEmpty();
        assertThat(Usage.find(new byte[0])).isEmpty();
    }
}
