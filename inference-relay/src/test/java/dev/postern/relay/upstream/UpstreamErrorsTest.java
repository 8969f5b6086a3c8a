package dev.postern.relay.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UpstreamErrorsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"message\":\"the prompt\"}}",
                " {\"id\":\"a\",\"choices\":[],\"error\":\"the prompt\"}",
                "{\"\\u0065rror\":{}}",
                "{\"object\":\"error\",\"message\":\"the prompt\"}",
                "\"the prompt\"",
                "{\"id\":",
                ""
            })
    void anErrorInWhateverShapeIsNoAnswer(String json) {
        assertThat(UpstreamErrors.isError(json.getBytes(StandardCharsets.UTF_8)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"object\":\"list\",\"error\":null,\"data\":[]}",
                "{\"choices\":[{\"error\":\"a word of the model's\"}]}"
            })
    void anAnswerIsNoError(String json) {
        assertThat(UpstreamErrors.isError(json.getBytes(StandardCharsets.UTF_8)))
                .isFalse();
    }
}
