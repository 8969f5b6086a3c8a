package dev.postern.redact.detection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import dev.postern.redact.scan.Overlaps;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DetectionTest {
    private static final Detection DETECTION = Detection.standard();
    private static final Entity EMAIL = DETECTION.entity("EMAIL");
    private static final Entity PERSON = DETECTION.entity("PERSON");
    private static final Entity PASSWORD = DETECTION.entity("PASSWORD");

    @Test
    void credentialsInUrlWinOverTheMailAddressTheyResemble() {
        String text = "postgres://app:hunter2@db.example.org/x";
        List<Span> spans = DETECTION.detect(text, "");
        assertThat(spans).singleElement().satisfies(span -> {
            assertThat(span.entity().name()).isEqualTo("URL_CREDENTIALS");
            assertThat(text.substring(span.start(), span.end())).isEqualTo("app:hunter2");
        });
    }

    @Test
    void jsonKeyIsContextAndSomeKeysAreSensitiveWhole() {
        assertThat(DETECTION.detect("536904399", "")).isEmpty();
        assertThat(DETECTION.detect("2025550143", "phoneNumber")).hasSize(1);
        assertThat(DETECTION.detect("tiger", "user_password"))
                .singleElement()
                .satisfies(span -> assertThat(span.entity()).isEqualTo(PASSWORD));
        assertThat(DETECTION.detect("Zorblatt", "lastName")).hasSize(1);
    }

    @Test
    void knownValuesAreFoundElsewhereAsWholeWordsOnly() {
        KnownValues known = DETECTION.known(Map.of("Jane Doe", PERSON, "tiger9", PASSWORD));
        String text = "Doe said tiger9; Doers and tiger99 do not. Jane";
        List<Span> spans = DETECTION.withKnown(text, List.of(), known);
        assertThat(spans.stream().map(span -> text.substring(span.start(), span.end())))
                .containsExactly("Doe", "tiger9", "Jane");
    }

    @Test
    void overlapsResolveTheSameInEveryOrder() {
        List<Span> found = List.of(
                new Span(0, 10, EMAIL, 0.9),
                new Span(5, 15, PERSON, 0.6),
                new Span(2, 4, PERSON, 0.9),
                new Span(14, 18, PERSON, 0.5),
                new Span(30, 40, PASSWORD, 0.8),
                new Span(35, 60, EMAIL, 0.9));
        List<Span> expected = Overlaps.resolve(found);
        Random random = new Random(7);
        for (int i = 0; i < 50; i++) {
            List<Span> shuffled = new ArrayList<>(found);
            Collections.shuffle(shuffled, random);
            assertThat(Overlaps.resolve(shuffled)).isEqualTo(expected);
        }
        assertThat(expected).extracting(Span::start).isSorted();
        assertThat(expected.getFirst()).isEqualTo(new Span(0, 18, EMAIL, 0.9));
        assertThat(expected.getLast()).isEqualTo(new Span(30, 40, PASSWORD, 0.8));
    }

    @Test
    void ibanAndCardSurviveTheirNeighbours() {
        String text = "IBAN DE89 3704 0044 0532 0130 00 card 4111-1111-1111-1111 mail a@b.example";
        assertThat(DETECTION.detect(text, "").stream().map(span -> span.entity().name()))
                .containsExactly("IBAN", "CARD", "EMAIL");
    }
}
