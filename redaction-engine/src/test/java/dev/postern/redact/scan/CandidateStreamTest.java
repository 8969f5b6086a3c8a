package dev.postern.redact.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// A text in pieces gets the same proposals as the text in one.
final class CandidateStreamTest {
    @Test
    void characterByCharacter() {
        for (String example : BothScanners.EXAMPLES) {
            assertSame(example, 1);
        }
    }

    @Test
    void inPiecesOfAnyLength() {
        Random random = new Random(37);
        for (int run = 0; run < 100; run++) {
            StringBuilder text = new StringBuilder();
            for (int part = random.nextInt(8); part >= 0; part--) {
                text.append(BothScanners.EXAMPLES.get(random.nextInt(BothScanners.EXAMPLES.size())))
                        .append(List.of("", " ", "\n", "x", "여").get(random.nextInt(5)));
            }
            assertSame(text.toString(), 1 + random.nextInt(9));
        }
    }

    @Test
    void inPiecesThatAreLongerThanABlock() {
        String all = String.join("\n", BothScanners.EXAMPLES);
        String text = all.repeat(2 * NativeScanner.BLOCK / all.length() + 1);
        assertSame(text, NativeScanner.BLOCK + 100);
    }

    @Test
    void placeIsProposedBeforeItsDelayIsOver() {
        for (CandidateScanner scanner : List.of(BothScanners.PORTABLE, BothScanners.NATIVE)) {
            try (CandidateStream stream = scanner.stream()) {
                Candidates candidates = new Candidates();
                stream.feed("4111 1111 1111 1111", candidates);
                stream.feed("-".repeat(stream.delay()), candidates);
                assertThat(candidates.count()).isPositive();
                assertThat(candidates.place(0)).isZero();
            }
        }
    }

    @Test
    void closedStreamIsNotFed() {
        CandidateStream stream = BothScanners.NATIVE.stream();
        stream.close();
        assertThatThrownBy(() -> stream.feed("a", new Candidates())).isInstanceOf(IllegalStateException.class);
    }

    private static void assertSame(String text, int piece) {
        for (CandidateScanner scanner : List.of(BothScanners.PORTABLE, BothScanners.NATIVE)) {
            Candidates whole = new Candidates();
            scanner.scan(text, whole);
            Candidates joined = new Candidates();
            try (CandidateStream stream = scanner.stream()) {
                for (int from = 0; from < text.length(); from += piece) {
                    stream.feed(text.substring(from, Math.min(text.length(), from + piece)), joined);
                }
                stream.end(joined);
            }
            assertThat(all(joined)).as(text).isEqualTo(all(whole));
        }
    }

    private static List<String> all(Candidates candidates) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < candidates.count(); i++) {
            all.add(candidates.rule(i) + "@" + candidates.place(i));
        }
        for (int i = 0; i < candidates.phraseCount(); i++) {
            all.add("phrase " + candidates.phrase(i) + "@" + candidates.phraseStart(i) + "-" + candidates.phraseEnd(i));
        }
        return all;
    }
}
