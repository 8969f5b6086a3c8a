package dev.postern.redact.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CharacterListsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '`',
            value = {
                "[a-f\\d] [abcdef0123456789]",
                "a-f\\d[x-z]{2,3} a-f\\d[xyz]{2,3}",
                "[^0-3] [^0123]",
                "[\\]a-c] [\\]abc]",
                "[A-C-] [ABC-]",
                "\\[a-c] \\[a-c]",
                "[À-Ö] [À-Ö]",
                "[\\u0041-Z] [\\u0041-Z]",
                "[\\p{L}a-b'-] [\\p{L}ab'-]",
                "[+--] [+--]"
            })
    void rangesOfLettersAndDigitsInClassesAreListed(String regex, String expected) {
        assertThat(CharacterLists.in(regex)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[a-zA-Z0-9+/_\\-.]", "(?i)[a-f0-9]", "(?i)[^k-s]", "[^\\da-z]", "[\\w\\d-]", "[\\u00C0-\\u0587a-z]",
                "[!-~]", "[ -~]", "[^]a-c]", "[]a-c]", "[\\d.,]", "(?i)[\\dA-F:]"
            })
    void everyCharacterIsTakenAsBefore(String regex) {
        Pattern before = Pattern.compile(regex);
        Pattern listed = Pattern.compile(CharacterLists.in(regex));
        for (char c = 0; c < Character.MAX_VALUE; c++) {
            String text = String.valueOf(c);
            assertThat(listed.matcher(text).matches())
                    .as("%s takes %x", regex, (int) c)
                    .isEqualTo(before.matcher(text).matches());
        }
    }

    @Test
    void patternsThatDoNotCompileStayOnes() {
        assertThat(CharacterLists.in("[a-")).isEqualTo("[a-");
        assertThat(CharacterLists.in("[a-z\\")).startsWith("[abc").endsWith("z\\");
    }
}
