package dev.postern.redact.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelledFilesTest {
    private static final String MAIL =
            "{\"text\": \"😀 a@b.example\", \"spans\": [{\"start\": 2, \"end\": 13, \"entity\": \"EMAIL\"}]}";

    @Test
    void linesWhenWrittenByOtherProgramsThenTheSame() {
        List<Labelled> plain = LabelledFiles.read(MAIL + "\n" + MAIL + "\n");

        assertThat(plain).hasSize(2);
        assertThat(plain.getFirst().labels()).containsExactly(new Labelled.Label(3, 14, "EMAIL", false));
        assertThat(LabelledFiles.read("\uFEFF" + MAIL + " \r\n\r\n  " + MAIL)).isEqualTo(plain);
        assertThat(LabelledFiles.read("{\"cases\":[" + MAIL + "," + MAIL + "]}"))
                .isEqualTo(plain);
        assertThat(LabelledFiles.read("{\n\"cases\":\n[" + MAIL + "," + MAIL + "]}"))
                .isEqualTo(plain);
    }

    @Test
    void lineWhenNoJsonThenRefusedByItsNumber() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LabelledFiles.read(MAIL + "\n" + MAIL + "\n{oops"))
                .withMessage("line 3 is not JSON");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                {"text": "ab", "spans": [{"start": -1, "end": 1}]} | line 2 has a span
                {"text": "ab", "spans": [{"start": 1, "end": 1}]} | line 2 has a span
                {"text": "ab", "spans": [{"start": 2, "end": 1}]} | line 2 has a span
                {"text": "ab", "spans": [{"start": 2, "end": 9}]} | line 2 has a span
                {"text": "ab", "spans": [{"end": 9}]} | line 2 has a span
                {"text": "ab", "spans": [7]} | line 2 has a span
                {"text": "ab", "spans": 7} | line 2 is no object
                {"text": 5} | line 2 is no object
                """)
    void lineWhenItLabelsNothingThenRefusedByItsNumber(String line, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LabelledFiles.read("\n" + line + "\n" + MAIL))
                .withMessageStartingWith(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''
            ' '
            []
            {"cases": []}
            """)
    void fileWhenEmptyThenRefused(String content) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LabelledFiles.read(content))
                .withMessage("the file holds no labelled cases");
    }
}
