package dev.postern.redacting.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTextTest {
    @Test
    void leavesKnowTheirShapePositionsAndBytes() throws MalformedJson {
        String text = " {\"a\" : [ {\"b\":\"ü\\\"x\"}, 1.50e+2 ] , \"c\\u0064\":\"\\ud83d\\ude00\",\"d\":null}\n";
        JsonText json = parse(text);
        assertThat(json.isObject()).isTrue();
        assertThat(json.leaves())
                .extracting(JsonLeaf::shape)
                .containsExactly("a", "a[].b", "a[].b", "a[]", "cd", "cd", "d");
        assertThat(json.leaves())
                .extracting(JsonLeaf::text)
                .containsExactly("a", "b", "ü\"x", "1.50e+2", "cd", "😀", "d");
        assertThat(json.leaves().get(3).positions()).isEqualTo(List.of(1));
        assertThat(json.leaves()).extracting(json::raw).contains("\"ü\\\"x\"", "1.50e+2", "\"c\\u0064\"");
    }

    @Test
    void replacingOneLeafKeepsEveryOtherByte() throws MalformedJson {
        JsonText json = parse("{ \"n\": 1.0E400, \"s\": \"old\",\n\"t\":\"kept \\u00e9\" }");
        Map<JsonLeaf, String> replaced = new HashMap<>();
        replaced.put(json.find(JsonLeaf.Kind.STRING, "s").orElseThrow(), "a \"new\"\nline \ud800");
        assertThat(new String(json.with(replaced), StandardCharsets.UTF_8))
                .isEqualTo("{ \"n\": 1.0E400, \"s\": \"a \\\"new\\\"\\nline \\ud800\",\n\"t\":\"kept \\u00e9\" }");
    }

    @Test
    void replacingNothingAndEverythingBothGiveJson() throws MalformedJson {
        JsonText json = parse("{\"a\":[\"x\",\"y\",{\"z\":\"\"}],\"\":\"e\"}");
        assertThat(json.with(Map.of()))
                .isEqualTo("{\"a\":[\"x\",\"y\",{\"z\":\"\"}],\"\":\"e\"}".getBytes(StandardCharsets.UTF_8));
        Map<JsonLeaf, String> all = new HashMap<>();
        json.leaves().forEach(leaf -> all.put(leaf, leaf.text() + "!"));
        assertThat(new String(json.with(all), StandardCharsets.UTF_8))
                .isEqualTo("{\"a!\":[\"x!\",\"y!\",{\"z!\":\"!\"}],\"!\":\"e!\"}");
    }

    @Test
    void shapesStayShortAndAreShared() throws MalformedJson {
        String name = "n".repeat(60);
        JsonText array = parse("{\"" + "k".repeat(1000) + "\":[1,2,3]}");
        assertThat(array.leaves()).extracting(JsonLeaf::shape).containsExactly("?", "?[]", "?[]", "?[]");
        assertThat(array.leaves().get(1).shape()).isSameAs(array.leaves().get(2).shape());
        JsonText deep = parse("{\"metadata\":" + ("{\"" + name + "\":").repeat(20) + "1" + "}".repeat(21));
        assertThat(deep.leaves().getLast().shape()).startsWith("metadata.").hasSizeLessThan(257);
    }

    @Test
    void tooManyLeavesAreRefusedButNotTheNumbersOfEmbeddings() throws MalformedJson {
        String many = "{\"" + "k".repeat(1000) + "\":[0" + ",1".repeat(500_000) + "],\"s\":\"x\"}";
        assertThatThrownBy(() -> parse(many)).isInstanceOf(MalformedJson.class);
        assertThat(JsonText.parseStrings(many.getBytes(StandardCharsets.UTF_8), Set.of())
                        .leaves())
                .extracting(JsonLeaf::text)
                .containsExactly("x");
        String strings = "[\"\"" + ",\"\"".repeat(JsonText.MOST_LEAVES) + "]";
        assertThatThrownBy(() -> JsonText.parseStrings(strings.getBytes(StandardCharsets.UTF_8), Set.of()))
                .isInstanceOf(MalformedJson.class);
    }

    @Test
    void droppedMembersBecomeNullAndNumbersStayNumbers() throws MalformedJson {
        String text = "{\"x\": {\"s\": [1, \"a\"]} ,\"n\": 7, \"y\":[{\"x\":null},{\"x\":\"b\"}], \"s\":\"c\"}";
        JsonText json = JsonText.parse(text.getBytes(StandardCharsets.UTF_8), Set.of("x"));
        Map<JsonLeaf, String> replaced = new HashMap<>();
        json.find(JsonLeaf.Kind.NUMBER, "n").ifPresent(leaf -> replaced.put(leaf, "8"));
        json.find(JsonLeaf.Kind.STRING, "s").ifPresent(leaf -> replaced.put(leaf, "d"));
        assertThat(new String(json.with(replaced), StandardCharsets.UTF_8))
                .isEqualTo("{\"x\": null ,\"n\": 8, \"y\":[{\"x\":null},{\"x\":null}], \"s\":\"d\"}");
        assertThat(json.leaves()).extracting(JsonLeaf::text).doesNotContain("a", "b");
    }

    @Test
    void hostileMemberNameCannotImitateAPath() throws MalformedJson {
        assertThat(parse("{\"messages[].role\":\"x\",\"a.b\":\"y\"}").leaves())
                .extracting(JsonLeaf::shape)
                .containsOnly("?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{}x",
                "{} {}",
                "{\"a\":1,\"a\":2}",
                "{'a':1}",
                "[1,]",
                "{\"a\":\"\u0001\"}",
                "nul",
                "\uFEFF{}",
                "{\"a\":\u0000}",
                "// c\n{}"
            })
    void whatIsNotOneJsonDocumentIsRefused(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(MalformedJson.class).hasNoCause();
    }

    @Test
    void deepNestingAndBrokenUtf8AreRefused() {
        assertThatThrownBy(() -> parse("[".repeat(10_000) + "]".repeat(10_000))).isInstanceOf(MalformedJson.class);
        byte[] broken = {'"', (byte) 0xC3, '"'};
        assertThatThrownBy(() -> JsonText.parse(broken)).isInstanceOf(MalformedJson.class);
        assertThatThrownBy(() -> JsonText.parse("{}".getBytes(StandardCharsets.UTF_16LE)))
                .isInstanceOf(MalformedJson.class);
    }

    /// Overlong forms, a half of a surrogate pair, and what lies beyond Unicode: readers differ about them.
    @ParameterizedTest
    @ValueSource(strings = {"C0AF", "C180", "E080AF", "EDA0BD", "F08080AF", "F4908080", "F7BFBFBF", "F888808080", "80"})
    void octetsThatAreNoUtf8AreRefused(String octets) {
        byte[] broken = HexFormat.of().parseHex("22" + octets + "22");
        assertThatThrownBy(() -> JsonText.parse(broken)).isInstanceOf(MalformedJson.class);
        assertThatThrownBy(() -> JsonText.parseStrings(broken, Set.of())).isInstanceOf(MalformedJson.class);
    }

    private static JsonText parse(String text) throws MalformedJson {
        return JsonText.parse(text.getBytes(StandardCharsets.UTF_8));
    }
}
