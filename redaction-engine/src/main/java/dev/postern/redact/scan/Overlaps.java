package dev.postern.redact.scan;

import dev.postern.redact.entity.Action;
import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/// Turns found spans into disjoint ones, the same for the same input in whatever order it was found.
///
/// Order of precedence: secrets before personal data (a secret must never become restorable), then the longer, the
/// higher score, the earlier start, the entity's name. A span that meets one of higher precedence is
/// - dropped when it lies inside it;
/// - otherwise merged: the union keeps the higher one's entity, so that no part of a value is left behind.
public final class Overlaps {
    private static final Comparator<Span> AMONG_EQUALS = Comparator.comparingInt(Span::length)
            .reversed()
            .thenComparing(Comparator.comparingDouble(Span::score).reversed())
            .thenComparingInt(Span::start)
            .thenComparing(span -> span.entity().name());

    private Overlaps() {}

    /// Secrets first.
    public static int standardPrecedence(Entity entity) {
        return entity.action() == Action.REMOVE ? 1 : 0;
    }

    /// Disjoint, in text order.
    public static List<Span> resolve(List<Span> found) {
        return resolve(found, Overlaps::standardPrecedence);
    }

    /// The same with another first criterion.
    ///
    /// @param precedence of an entity; the higher goes first
    public static List<Span> resolve(List<Span> found, ToIntFunction<Entity> precedence) {
        if (found.size() < 2) {
            return List.copyOf(found);
        }
        List<Span> byStart = new ArrayList<>(found);
        byStart.sort(Comparator.comparingInt(Span::start).thenComparingInt(Span::end));
        List<Span> result = new ArrayList<>(byStart.size());
        int from = 0;
        while (from < byStart.size()) {
            int end = byStart.get(from).end();
            int to = from + 1;
            while (to < byStart.size() && byStart.get(to).start() < end) {
                end = Math.max(end, byStart.get(to).end());
                to++;
            }
            result.addAll(resolveCluster(byStart.subList(from, to), precedence));
            from = to;
        }
        return result;
    }

    private static List<Span> resolveCluster(List<Span> cluster, ToIntFunction<Entity> precedence) {
        if (cluster.size() == 1) {
            return cluster;
        }
        List<Span> ranked = new ArrayList<>(cluster);
        ranked.sort(Comparator.comparingInt((Span span) -> -precedence.applyAsInt(span.entity()))
                .thenComparing(AMONG_EQUALS));
        NavigableMap<Integer, Kept> kept = new TreeMap<>();
        for (int rank = 0; rank < ranked.size(); rank++) {
            place(new Kept(ranked.get(rank), rank), kept);
        }
        return kept.values().stream().map(Kept::span).toList();
    }

    /// @param rank the lower goes first
    private record Kept(Span span, int rank) {}

    /// @param kept disjoint, by their starts
    private static void place(Kept next, NavigableMap<Integer, Kept> kept) {
        Kept union = next;
        Map.Entry<Integer, Kept> entry = kept.floorEntry(next.span().start());
        if (entry == null) {
            entry = kept.higherEntry(next.span().start());
        }
        while (entry != null && entry.getKey() < next.span().end()) {
            Kept other = entry.getValue();
            if (other.span().contains(next.span())) {
                return;
            }
            if (other.span().overlaps(next.span())) {
                kept.remove(entry.getKey());
                // Where it joins two, the one that goes before names them both.
                union = other.rank() < union.rank()
                        ? new Kept(union(other.span(), union.span()), other.rank())
                        : new Kept(union(union.span(), other.span()), union.rank());
            }
            entry = kept.higherEntry(entry.getKey());
        }
        kept.put(union.span().start(), union);
    }

    private static Span union(Span higher, Span other) {
        return new Span(
                Math.min(higher.start(), other.start()),
                Math.max(higher.end(), other.end()),
                higher.entity(),
                higher.score());
    }
}
