package dev.postern.audit.canonical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class CanonicalJsonTest {

    private static String canonical(Map<String, ?> value) throws NotCanonical {
        return new String(CanonicalJson.bytes(value), StandardCharsets.UTF_8);
    }

    @Test
    void sortsKeysByUtf16CodeUnitsAsRfc8785Shows() throws NotCanonical {
        Map<String, String> rfc = Map.of(
                "\u20ac", "Euro Sign",
                "\r", "Carriage Return",
                "\ufb33", "Hebrew Letter Dalet With Dagesh",
                "1", "One",
                "\ud83d\ude00", "Emoji: Grinning Face",
                "\u0080", "Control",
                "\u00f6", "Latin Small Letter O With Diaeresis");
        assertThat(canonical(rfc))
                .isEqualTo("{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
                        + "\"\u00f6\":\"Latin Small Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\","
                        + "\"\ud83d\ude00\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
    }

    @Test
    void escapesWhatRfc8785EscapesAndNothingElse() throws NotCanonical {
        assertThat(canonical(Map.of("s", "\u20ac$\u000f\nA'B\"\\\\\"/\u007f\b\f\t\r")))
                .isEqualTo("{\"s\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\u007f\\b\\f\\t\\r\"}");
    }

    @Test
    void writesIntegersBooleansArraysAndNestedObjects() throws NotCanonical {
        assertThat(canonical(Map.of(
                        "n",
                        List.of(0, -1, 9_007_199_254_740_991L, -9_007_199_254_740_991L),
                        "b",
                        List.of(true, false),
                        "o",
                        Map.of("z", List.of(), "a", Map.of()))))
                .isEqualTo(
                        "{\"b\":[true,false],\"n\":[0,-1,9007199254740991,-9007199254740991],\"o\":{\"a\":{},\"z\":[]}}");
    }

    static Stream<Object> valuesParsersDisagreeAbout() {
        return Stream.of(
                0.5,
                1e300,
                9_007_199_254_740_992L,
                BigInteger.ONE,
                "\ud800",
                "\udc00x",
                List.of(1.0f),
                Map.of(1, "key"),
                'c');
    }

    @ParameterizedTest
    @MethodSource
    void valuesParsersDisagreeAbout(Object value) {
        assertThatExceptionOfType(NotCanonical.class).isThrownBy(() -> canonical(Map.of("v", value)));
    }

    @Test
    void refusesNullAndBottomlessNesting() {
        Map<String, Object> withNull = new HashMap<>();
        withNull.put("v", null);
        assertThatExceptionOfType(NotCanonical.class).isThrownBy(() -> canonical(withNull));

        Object deep = List.of();
        for (int i = 0; i < 100; i++) {
            deep = Collections.singletonList(deep);
        }
        Map<String, Object> nested = Map.of("v", deep);
        assertThatExceptionOfType(NotCanonical.class).isThrownBy(() -> canonical(nested));
    }
}
