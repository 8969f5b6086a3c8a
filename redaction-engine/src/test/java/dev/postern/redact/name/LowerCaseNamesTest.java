package dev.postern.redact.name;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Taxonomy;
import dev.postern.redact.eval.Evaluation;
import dev.postern.redact.eval.LabelledFiles;
import dev.postern.redact.eval.Tally;
import dev.postern.redact.pack.MarkedText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LowerCaseNamesTest {
    private static final Detection DETECTION = Detection.standard();
    private static final Entity PERSON = DETECTION.entity("PERSON");
    private static final Path CASES = Path.of(System.getProperty("basedir", ""))
            .toAbsolutePath()
            .resolve("../testdata/redaction/lower-case.jsonl");
    /// Half of them are given names or surnames as well.
    private static final String[] NOUNS = {
        "umbrella", "canary", "parade", "cobalt", "river", "willow", "amber", "pepper", "meadow", "velvet", "raven",
                "olive",
        "maple", "coral", "hammer", "winter", "lantern", "harbor", "falcon", "basket", "violet", "ember", "granite",
                "indigo"
    };

    @ParameterizedTest
    @ValueSource(
            strings = {
                "umbrella canary parade dxyuxbecwyvc, send the receipt to olga.x@canary-mail.com for card 4111 1111 1111 1111",
                "umbrella canary parade dxyuxbecwyvc",
                "cobalt river",
                "the code word is cobalt river",
                "worker pbqwtrnx started in 420 ms",
                "restart grafana and kubelet on the staging box",
                "usb charger, running shoes and a mechanical keyboard",
                "{\"id\": \"zxqplmtrkw\"}",
                "call dxyuxbecwyvc tomorrow"
            })
    void ordinaryWordsAndRandomTokensAreNoNames(String text) {
        assertNobody(text);
    }

    @Test
    void threeNounsAndARandomTokenAreNeverAName() {
        Random random = new Random(20_261_126);
        for (int i = 0; i < 1_000; i++) {
            String mail = "olga." + token(random, "0123456789abcdef") + "@canary-mail.com";
            // The letters of the platform's own tests, and all.
            String token = token(random, random.nextBoolean() ? "abcdeftuvwxyz" : "abcdefghijklmnopqrstuvwxyz");
            assertNobody(noun(random) + " " + noun(random) + " " + noun(random) + " " + token + ", send the receipt to "
                    + mail + " for card 4111 1111 1111 1111");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "my name is «anna schmidt»",
                "my name's «zorlo quimbal»",
                "i'm «zorlo quimbal» and i need help",
                "call «john miller» tomorrow",
                "thx, «peter»",
                "hey «violet», are you there?",
                "please ask «tamao fukasawa» about it",
                "name: «grace hopper»",
                "i met «anna schmidt» and «zorlo quimbal» yesterday",
                "ich heiße «yilmaz demir»",
                "je m'appelle «amélie dubois»",
                "the parcel of «anna schmidt» is late",
                "Mr. «Samuel Mqhayi»",
                "Please call «Samuel Mqhayi» or «Zsófia Szczrbkov» back",
                "My name is «Nqaba Mqhayi»."
            })
    void announcedOrListedNamesAreFound(String marked) {
        MarkedText example = MarkedText.of(marked);
        assertThat(MarkedText.found(example.text(), DETECTION.detect(example.text(), ""), PERSON))
                .isEqualTo(example.values());
    }

    @Test
    void keyAnnouncesNameThatNoListKnows() {
        assertThat(MarkedText.found("zorlo quimbal", DETECTION.detect("zorlo quimbal", "customerName"), PERSON))
                .containsExactly("zorlo quimbal");
        assertThat(DETECTION.detect("zorlo quimbal", "projectCode")).isEmpty();
    }

    @Test
    void generatedTextsAreToldApart() throws IOException {
        Tally people = Evaluation.of(LabelledFiles.read(Files.readString(CASES)), DETECTION, Taxonomy.PRESIDIO)
                .byEntity()
                .getOrDefault("PERSON", new Tally());

        assertThat(people.recall()).isGreaterThan(0.96);
        assertThat(people.precision()).isGreaterThan(0.98);
        assertThat((double) people.flagged() / people.negatives()).isLessThan(0.005);
    }

    private static void assertNobody(String text) {
        assertThat(MarkedText.found(text, DETECTION.detect(text, ""), PERSON))
                .as(text)
                .isEmpty();
        assertThat(MarkedText.found(text, DETECTION.analyze(text, "en"), PERSON))
                .as(text)
                .isEmpty();
    }

    private static String noun(Random random) {
        return NOUNS[random.nextInt(NOUNS.length)];
    }

    private static String token(Random random, String letters) {
        StringBuilder token = new StringBuilder();
        for (int i = 8 + random.nextInt(7); i > 0; i--) {
            token.append(letters.charAt(random.nextInt(letters.length())));
        }
        return token.toString();
    }
}
