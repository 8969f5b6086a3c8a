package dev.postern.relay.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelNameTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"a\",\"n\":1.50} | {\"model\":\"b\\\"c\",\"n\":1.50}",
                "{ \"x\" : {\"model\":\"a\"} , \"model\" :  \"\\u00fcü\\\"\" , \"y\":[\"model\"]} | "
                        + "{ \"x\" : {\"model\":\"a\"} , \"model\" :  \"b\\\"c\" , \"y\":[\"model\"]}",
                "{\"ü\":\"ü\",\"mod\\u0065l\":\"\"} | {\"ü\":\"ü\",\"mod\\u0065l\":\"b\\\"c\"}",
            })
    void onlyTheNameIsReplaced(String body, String expected) {
        assertThat(new String(ModelName.replaced(body.getBytes(UTF_8), "b\"c"), UTF_8))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "",
                "{\"model\":1}",
                "{\"model\":\"a\",\"model\":\"b\"}",
                "{\"model\":\"a",
                "{\"x\":{\"model\":\"a\"}}"
            })
    void whatDoesNotNameOneModelIsNotGuessedAt(String body) {
        assertThatThrownBy(() -> ModelName.replaced(body.getBytes(UTF_8), "b"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
