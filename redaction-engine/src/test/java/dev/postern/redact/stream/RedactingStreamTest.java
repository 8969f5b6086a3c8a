package dev.postern.redact.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.entity.Action;
import dev.postern.redact.scan.Selection;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RedactingStreamTest {
    private static final Detection DETECTION = Detection.standard();
    private static final StreamRedaction HIDDEN = DETECTION.streams(Selection.STANDARD);
    private static final StreamRedaction SECRETS =
            DETECTION.streams(Selection.of(entity -> entity.action() == Action.REMOVE));
    private static final StreamRedaction NO_NAMES = DETECTION.streams(Selection.of(
            entity -> entity.action() != Action.KEEP && !entity.name().equals("PERSON")));
    private static final String KEY = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIBkg\n-----END EC PRIVATE KEY-----";

    @Test
    void proseIsHeldByAWord() {
        String prose = "the committee met again to look at what had been said about the new bridge, and it rained. ";
        RedactingStream stream = open(NO_NAMES);
        int given = 0;
        int[] held = new int[prose.length()];
        for (int i = 0; i < prose.length(); i++) {
            given += stream.feed(prose.substring(i, i + 1)).length();
            held[i] = i + 1 - given;
        }
        Arrays.sort(held);
        assertThat(held[held.length / 2]).isLessThanOrEqualTo(4);
        assertThat(held[held.length - 1]).isLessThanOrEqualTo("committee".length());
    }

    @Test
    void nothingOfAValueIsGivenOutBeforeItsEnd() {
        RedactingStream stream = open(NO_NAMES);
        assertThat(stream.feed("write to jane.doe@exam")).isEqualTo("write to ");
        assertThat(stream.feed("ple.org")).isEmpty();
        assertThat(stream.holds()).isTrue();
        assertThat(stream.feed(" now ")).startsWith("[EMAIL removed] ");
    }

    @Test
    void weakNumberWaitsForTheWordsBehindIt() {
        String text = "12345678911 was given to me as my steuer-id, some time ago, it is said. ";
        String expected = EveryExampleTest.redacted(text, DETECTION.detectInName(text));
        new Cutting(() -> open(NO_NAMES)).everywhere(text, expected);
    }

    @Test
    void privateKeyIsLeftOutUntilItIsClosed() {
        new Cutting(() -> open(SECRETS)).everywhere("my key:\n" + KEY + "\nbye", "my key:\n[PRIVATE_KEY removed]\nbye");
        new Cutting(() -> open(SECRETS)).everywhere(KEY + "- and on", "[PRIVATE_KEY removed]- and on");
        new Cutting(() -> open(SECRETS))
                .everywhere(KEY + KEY + "-----bye", "[PRIVATE_KEY removed][PRIVATE_KEY removed]-----bye");
    }

    @Test
    void privateKeyOfAnyLengthIsNotHeld() {
        RedactingStream stream = open(SECRETS);
        assertThat(stream.feed("key " + KEY.substring(0, 35))).isEqualTo("key [PRIVATE_KEY removed]");
        for (int i = 0; i < 1_000; i++) {
            assertThat(stream.feed("MHcCAQEEIBkgMHcCAQEEIBkg\n")).isEmpty();
            assertThat(stream.holds()).isFalse();
        }
        assertThat(stream.feed("-----END EC PRIVATE KEY-") + stream.feed("---- and on") + stream.finish())
                .isEqualTo(" and on");
    }

    @Test
    void privateKeyThatIsNeverClosedTakesTheRest() {
        new Cutting(() -> open(SECRETS)).everywhere("a " + KEY.substring(0, 40), "a [PRIVATE_KEY removed]");
    }

    @Test
    void whatWouldBeHeldTooLongIsLeftOutToTheNextBlank() {
        StreamRedaction everything = DETECTION.streams(Selection.of(_ -> true));
        String text = "see https://example.org/" + "a1b2c3d4".repeat(400) + " and on";
        for (int size : List.of(1, 7, 100, text.length())) {
            new Cutting(() -> open(everything)).inPieces(text, size, "see [URL removed] and on");
        }
    }

    @Test
    void longTextInPiecesOfAnySizeIsTheSame() {
        String text = ("Call +49 30 901820 or mail info@example.org about card 4111 1111 1111 1111, password: hunter2! "
                        + "Yours, Jane Doe. 12345678 items were sold, he said, in 2021. ")
                .repeat(30);
        String expected = EveryExampleTest.redacted(text, DETECTION.detect(text, ""));
        for (int size : List.of(1, 3, 64, 1_000, text.length())) {
            new Cutting(() -> open(HIDDEN)).inPieces(text, size, expected);
        }
    }

    @Test
    void disguisedValueAndSplitSurrogates() {
        String text = "😀 ４１１１ 1111\u200B 1111 1111 😀 ghp_16C7e42F292c6912E7710c838347Ae178B4a 😀";
        new Cutting(() -> open(HIDDEN)).everywhere(text, EveryExampleTest.redacted(text, DETECTION.detect(text, "")));
    }

    @Test
    void loneSurrogatesStay() {
        new Cutting(() -> open(SECRETS)).everywhere("a\uD83D b\uDE00\uD83D", "a\uD83D b\uDE00\uD83D");
    }

    @Test
    void opaquePartsStayAlsoInsideValues() {
        new Cutting(() -> SECRETS.open("", RedactingStreamTest::pseudonym, EveryExampleTest::standIn))
                .everywhere(
                        "at postgres://USER_7K2Q9F:s3cr3t@db, password: USER_7K2Q9F. ",
                        "at postgres://USER_7K2Q9F[URL_CREDENTIALS removed]@db, password: USER_7K2Q9F. ");
    }

    @Test
    void valueUnderASensitiveKeyIsLeftOutWhole() {
        underPassword(" open sesame ", "[PASSWORD removed]");
        underPassword("!?", "[PASSWORD removed]");
        underPassword("   ", "   ");
        underPassword("", "");
    }

    @Test
    void opaquePartsOfAWholeValueStay() {
        underPassword("USER_7K2Q9F", "USER_7K2Q9F");
        underPassword(" USER_7K2Q9F, USER_7K2Q9F. ", " USER_7K2Q9F, USER_7K2Q9F. ");
        underPassword("my USER_7K2Q9F and USER_7K2Q9 ", "[PASSWORD removed]USER_7K2Q9F[PASSWORD removed]");
    }

    @Test
    void blanksUnderASensitiveKeyAreNotHeldWithoutEnd() {
        RedactingStream stream = SECRETS.open("password", Opaque.NOTHING, EveryExampleTest::standIn);
        assertThat(stream.feed(" ".repeat(5_000)) + stream.finish()).isEqualTo("[PASSWORD removed]");
    }

    private static void underPassword(String text, String expected) {
        new Cutting(() -> SECRETS.open("password", RedactingStreamTest::pseudonym, EveryExampleTest::standIn))
                .everywhere(text, expected);
    }

    private static int pseudonym(CharSequence text, int at) {
        String name = "USER_7K2Q9F";
        int length = Math.min(name.length(), text.length() - at);
        if (!name.startsWith(text.subSequence(at, at + length).toString())) {
            return Opaque.NONE;
        }
        return length == name.length() ? at + length : Opaque.OPEN;
    }

    @Test
    void keyIsContext() {
        RedactingStream stream = NO_NAMES.open("idnr", Opaque.NOTHING, EveryExampleTest::standIn);
        assertThat(stream.feed("86095742719") + stream.finish()).isEqualTo("[DE_TAX_ID removed]");
    }

    /// Pieces of four characters, far beyond what is ever held at once.
    @ParameterizedTest
    @ValueSource(
            strings = {"1", "1 ", "a", "a.", "a@", "password ", "password is ", "-----BEGIN ", "+49 30 ", "eyJ", "Aa "})
    void timeStaysLinear(String unit) {
        String text = unit.repeat(10_000 / unit.length());
        Assertions.assertTimeout(Duration.ofSeconds(10), () -> {
            RedactingStream stream = open(HIDDEN);
            for (int at = 0; at < text.length(); at += 4) {
                stream.feed(text.substring(at, Math.min(text.length(), at + 4)));
            }
            stream.finish();
        });
    }

    private static RedactingStream open(StreamRedaction redaction) {
        return redaction.open("", Opaque.NOTHING, EveryExampleTest::standIn);
    }
}
