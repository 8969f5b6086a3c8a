package dev.postern.redacting.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.redacting.pseudonym.Original;
import dev.postern.redacting.pseudonym.PseudonymPattern;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RestoringTextTest {
    private static final PseudonymPattern PATTERN = PseudonymPattern.of(List.of("PERSON", "EMAIL"));
    private static final LivePseudonyms LIVE = LivePseudonyms.of(Map.of(
            "PERSON_7K2Q9F", new Original("PERSON", "Jane \"JJ\" Doe"),
            "PERSON_7K2Q00", new Original("PERSON", "Zoë"),
            "EMAIL_PERSON", new Original("EMAIL", "jane@acme.example")));
    private static final String TEXT =
            "Dear PERSON_7K2Q9F (person-7k2q00, `PERSON_7K2Q9F`, <EMAIL_PERSON>), PERSON\\_7K2Q00"
                    + " PERPERSON_7K2Q9FPERSON_7K2Q00 PERSON_7K2Q9X PERSON_NAME 😀 PERSON";
    private static final String RESTORED = "Dear Jane \"JJ\" Doe (Zoë, `Jane \"JJ\" Doe`, <jane@acme.example>), Zoë"
            + " PERJane \"JJ\" DoeZoë PERSON_7K2Q9X PERSON_NAME 😀 PERSON";

    @Test
    void oneShot() {
        RestoringText text = text(Embedding.PLAIN);
        assertThat(text.accept(TEXT) + text.finish()).isEqualTo(RESTORED);
    }

    @Test
    void everySplitInTwoAndThreeGivesTheSame() {
        for (int i = 0; i <= TEXT.length(); i++) {
            for (int j = i; j <= TEXT.length(); j++) {
                RestoringText text = text(Embedding.PLAIN);
                String joined = text.accept(TEXT.substring(0, i))
                        + text.accept(TEXT.substring(i, j))
                        + text.accept(TEXT.substring(j))
                        + text.finish();
                assertThat(joined).isEqualTo(RESTORED);
            }
        }
    }

    @Test
    void characterByCharacterEveryEmittedPrefixIsAPrefixOfTheResult() {
        RestoringText text = text(Embedding.PLAIN);
        StringBuilder emitted = new StringBuilder();
        for (int i = 0; i < TEXT.length(); i++) {
            emitted.append(text.accept(TEXT.substring(i, i + 1)));
            assertThat(RESTORED).startsWith(emitted);
        }
        assertThat(emitted.append(text.finish())).hasToString(RESTORED);
    }

    @Test
    void proseIsNeverHeld() {
        RestoringText text = text(Embedding.PLAIN);
        for (String fragment : List.of("No ", "hold", "ing ", "back.", " 7K2Q9F", "\n")) {
            assertThat(text.accept(fragment)).isEqualTo(fragment);
            assertThat(text.holds()).isFalse();
        }
    }

    @Test
    void onlyAProperPrefixOfALivePseudonymIsHeld() {
        RestoringText text = text(Embedding.PLAIN);
        assertThat(text.accept("x PERSON_7K2Q")).isEqualTo("x ");
        assertThat(text.accept("1")).isEqualTo("PERSON_7K2Q1");
        assertThat(text.holds()).isFalse();
    }

    @Test
    void valuesAreEscapedInsideJsonText() {
        RestoringText text = text(Embedding.JSON);
        assertThat(text.accept("{\"to\":\"PERSON_7K2Q9F\"}") + text.finish())
                .isEqualTo("{\"to\":\"Jane \\\"JJ\\\" Doe\"}");
    }

    @Test
    void unknownAndMangledPseudonymsAreLeftAndCountedAtEverySplit() {
        // The check character of AAAAA under this code decides which of the two the second one is.
        String answer = "PERSON_7K2Q9X and PERSON_AAAAAA, PERSON_NAME";
        for (int i = 0; i <= answer.length(); i++) {
            RestoringText text = text(Embedding.PLAIN);
            String out = text.accept(answer.substring(0, i)) + text.accept(answer.substring(i)) + text.finish();
            assertThat(out).isEqualTo(answer);
            assertThat(text.restored().unknown() + text.restored().mangled()).isEqualTo(2);
        }
    }

    private static RestoringText text(Embedding embedding) {
        return new RestoringText(LIVE, embedding, PATTERN);
    }
}
