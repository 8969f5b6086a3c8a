package dev.postern.redact.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import dev.postern.redact.pack.RulePackReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class OverlapsTest {
    private static final List<Entity> ENTITIES = Stream.of("EMAIL", "PASSWORD", "CARD")
            .map(name -> RulePackReader.standard().entity(name))
            .toList();

    /// As it is defined: one span after the other, by precedence, against all that were kept.
    @Test
    void spansComeToWhatTheDefinitionSays() {
        Random random = new Random(7);
        for (int round = 0; round < 20_000; round++) {
            List<Span> spans = new ArrayList<>();
            for (int i = random.nextInt(9); i >= 0; i--) {
                int start = random.nextInt(30);
                spans.add(new Span(
                        start,
                        start + 1 + random.nextInt(8),
                        ENTITIES.get(random.nextInt(ENTITIES.size())),
                        random.nextInt(4) / 4.0 + 0.1));
            }
            assertThat(Overlaps.resolve(spans)).as(spans.toString()).isEqualTo(defined(spans));
        }
    }

    /// Each span overlaps the next, so all of them are one cluster of which every second is kept.
    @Test
    void longChainsTakeNoTimeWorthMentioning() {
        List<Span> chain = IntStream.range(0, 400_000)
                .mapToObj(i -> new Span(i * 4, i * 4 + 5, ENTITIES.get(i % 2), 1))
                .toList();
        List<Span> resolved = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> Overlaps.resolve(chain));
        assertThat(resolved).hasSizeLessThan(chain.size());
    }

    private static List<Span> defined(List<Span> spans) {
        List<Span> ranked = new ArrayList<>(spans);
        ranked.sort(Comparator.comparingInt((Span span) -> -Overlaps.standardPrecedence(span.entity()))
                .thenComparing(Comparator.comparingInt(Span::length).reversed())
                .thenComparing(Comparator.comparingDouble(Span::score).reversed())
                .thenComparingInt(Span::start)
                .thenComparing(span -> span.entity().name()));
        List<Span> kept = new ArrayList<>();
        for (Span span : ranked) {
            List<Span> met = kept.stream().filter(span::overlaps).toList();
            if (met.stream().noneMatch(other -> other.contains(span))) {
                int start = met.stream().mapToInt(Span::start).reduce(span.start(), Math::min);
                int end = met.stream().mapToInt(Span::end).reduce(span.end(), Math::max);
                Span first = met.isEmpty() ? span : met.getFirst();
                Span union = new Span(start, end, first.entity(), first.score());
                int place = met.isEmpty() ? kept.size() : kept.indexOf(first);
                kept.removeAll(met);
                kept.add(place, union);
            }
        }
        kept.sort(Comparator.comparingInt(Span::start));
        return kept;
    }
}
