package dev.postern.redact.scan;

import dev.postern.redact.entity.Action;
import dev.postern.redact.entity.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// Turns found spans into a report, the same for the same input in whatever order it was found.
///
/// Spans are taken by the higher score, the longer, the earlier start, the entity's name. A span that meets one that
/// was taken before
/// - stands beside it when both cover exactly the same characters and it is about as sure: the value may be of either
///   kind;
/// - takes its place when it contains all that it meets, and is nearly as sure;
/// - is dropped otherwise.
public final class Alternatives {
    private static final double NEARLY = 0.25;
    private static final double APART = 0.15;
    private static final Comparator<Span> PRECEDENCE = Comparator.comparingDouble(Span::score)
            .reversed()
            .thenComparing(Comparator.comparingInt(Span::length).reversed())
            .thenComparingInt(Span::start)
            .thenComparing(span -> span.entity().name());
    private static final Comparator<Span> IN_TEXT =
            Comparator.comparingInt(Span::start).thenComparing(PRECEDENCE);

    private Alternatives() {}

    /// In text order, alternatives by precedence.
    public static List<Span> resolve(List<Span> found) {
        List<Span> ranked = new ArrayList<>(found);
        ranked.sort(Comparator.comparingInt(Span::start));
        List<Span> result = new ArrayList<>();
        int from = 0;
        while (from < ranked.size()) {
            int end = ranked.get(from).end();
            int to = from + 1;
            while (to < ranked.size() && ranked.get(to).start() < end) {
                end = Math.max(end, ranked.get(to).end());
                to++;
            }
            result.addAll(cluster(ranked.subList(from, to)));
            from = to;
        }
        result.sort(IN_TEXT);
        return result;
    }

    private static List<Span> cluster(List<Span> cluster) {
        List<Span> ranked = new ArrayList<>(cluster);
        ranked.sort(PRECEDENCE);
        // Taken spans by their start; those of one range share an entry, and ranges are disjoint.
        NavigableMap<Integer, List<Span>> taken = new TreeMap<>();
        for (Span span : ranked) {
            place(span, taken);
        }
        return taken.values().stream().flatMap(List::stream).toList();
    }

    private static void place(Span span, NavigableMap<Integer, List<Span>> taken) {
        Map.Entry<Integer, List<Span>> before = taken.floorEntry(span.start());
        boolean reaches = before != null && before.getValue().getFirst().end() > span.start();
        var met = taken.subMap(reaches ? before.getKey() : span.start(), true, span.end(), false);
        if (met.isEmpty()) {
            taken.put(span.start(), new ArrayList<>(List.of(span)));
            return;
        }
        List<Span> first = met.firstEntry().getValue();
        Span other = first.getFirst();
        boolean unlikely = span.score() < other.score() - APART;
        if (met.size() == 1 && other.start() == span.start() && other.end() == span.end()) {
            if (!unlikely && first.stream().noneMatch(same -> same.entity().equals(span.entity()))) {
                first.add(span);
            }
            return;
        }
        boolean containsAll = met.values().stream().allMatch(list -> span.contains(list.getFirst()));
        // A secret is reported as one even inside something longer.
        boolean hides = span.entity().action() != Action.REMOVE
                && met.values().stream()
                        .anyMatch(list -> list.getFirst().entity().action() == Action.REMOVE);
        boolean sure = met.values().stream()
                .allMatch(list -> span.score() >= list.getFirst().score() - NEARLY);
        if (containsAll && sure && !hides) {
            met.clear();
            taken.put(span.start(), new ArrayList<>(List.of(span)));
        }
    }
}
