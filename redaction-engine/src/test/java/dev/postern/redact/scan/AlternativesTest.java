package dev.postern.redact.scan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.redact.entity.Action;
import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class AlternativesTest {
    private static final Entity TAX = new Entity("TAX", "TAX", Action.PSEUDONYMISE, Map.of());
    private static final Entity PHONE = new Entity("PHONE", "PHONE", Action.PSEUDONYMISE, Map.of());
    private static final Entity URL = new Entity("URL", "URL", Action.KEEP, Map.of());
    private static final Entity PASSWORD = new Entity("PASSWORD", "PASSWORD", Action.REMOVE, Map.of());

    @Test
    void kindsOfOneValueThatAreAboutAsSureAreAllReported() {
        assertThat(Alternatives.resolve(List.of(new Span(0, 9, TAX, 0.6), new Span(0, 9, PHONE, 0.55))))
                .extracting(span -> span.entity().name())
                .containsExactly("TAX", "PHONE");
        assertThat(Alternatives.resolve(List.of(new Span(0, 9, TAX, 0.9), new Span(0, 9, PHONE, 0.55))))
                .hasSize(1);
    }

    @Test
    void nearlyAsSureAndLongerTakesThePlaceOfWhatIsInside() {
        assertThat(Alternatives.resolve(List.of(new Span(4, 9, TAX, 0.7), new Span(0, 20, PHONE, 0.55))))
                .containsExactly(new Span(0, 20, PHONE, 0.55));
        assertThat(Alternatives.resolve(List.of(new Span(4, 9, TAX, 0.95), new Span(0, 20, URL, 0.55))))
                .containsExactly(new Span(4, 9, TAX, 0.95));
    }

    @Test
    void secretInsideSomethingLongerIsReportedAsOne() {
        assertThat(Alternatives.resolve(List.of(new Span(4, 9, PASSWORD, 0.7), new Span(0, 20, URL, 0.6))))
                .containsExactly(new Span(4, 9, PASSWORD, 0.7));
    }

    @Test
    void orderOfFindingChangesNothing() {
        List<Span> found = new ArrayList<>();
        Random random = new Random(5);
        List<Entity> entities = List.of(TAX, PHONE, URL, PASSWORD);
        for (int i = 0; i < 60; i++) {
            int start = random.nextInt(100);
            found.add(new Span(
                    start, start + 1 + random.nextInt(12), entities.get(i % 4), 0.5 + random.nextInt(5) / 10.0));
        }
        List<Span> expected = Alternatives.resolve(found);
        for (int i = 0; i < 50; i++) {
            Collections.shuffle(found, random);
            assertThat(Alternatives.resolve(found)).isEqualTo(expected);
        }
        assertThat(expected).extracting(Span::start).isSorted();
    }
}
