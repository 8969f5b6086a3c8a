package dev.postern.redact.eval;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.entity.Span;
import dev.postern.redact.entity.Taxonomy;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Scores detection on labelled texts. Entities are compared by the taxonomy's names.
///
/// @param byEntity in alphabetical order
/// @param misses texts whose values were not covered, and negatives that were flagged
public record Evaluation(Map<String, Tally> byEntity, Tally all, List<Miss> misses) {
    private static final double ENOUGH = 0.9;

    /// A text that was not judged as its labels ask.
    ///
    /// @param entity that was missed or flagged
    public record Miss(Labelled labelled, String entity, boolean flagged, List<String> foundInstead) {}

    public static Evaluation of(List<Labelled> texts, Detection detection, Taxonomy taxonomy) {
        Map<String, Tally> byEntity = new TreeMap<>();
        List<Miss> misses = new ArrayList<>();
        for (Labelled labelled : texts) {
            judge(labelled, detection.analyze(labelled.text(), labelled.language()), taxonomy, byEntity, misses);
        }
        Tally all = new Tally();
        byEntity.values().forEach(all::add);
        return new Evaluation(byEntity, all, List.copyOf(misses));
    }

    private static void judge(
            Labelled labelled, List<Span> spans, Taxonomy taxonomy, Map<String, Tally> byEntity, List<Miss> misses) {
        BitSet any = new BitSet();
        Map<String, BitSet> own = new TreeMap<>();
        for (Span span : spans) {
            any.set(span.start(), span.end());
            own.computeIfAbsent(span.entity().name(taxonomy), _ -> new BitSet()).set(span.start(), span.end());
        }
        List<String> names = List.copyOf(own.keySet());
        Map<String, BitSet> truth = new TreeMap<>();
        for (Labelled.Label label : labelled.labels()) {
            truth.computeIfAbsent(label.entity(), _ -> new BitSet()).set(label.start(), label.end());
            boolean covered = covers(any, label);
            boolean found = covers(own.getOrDefault(label.entity(), new BitSet()), label);
            tally(byEntity, label.entity()).value(found, covered, label.weak());
            if (!covered && !label.weak()) {
                misses.add(new Miss(labelled, label.entity(), false, names));
            }
        }
        for (String entity : labelled.absent()) {
            boolean flagged = own.containsKey(entity);
            tally(byEntity, entity).negative(flagged);
            if (flagged) {
                misses.add(new Miss(labelled, entity, true, names));
            }
        }
        reports(labelled, spans, taxonomy, truth, byEntity);
        truth.forEach((entity, characters) -> {
            BitSet both = own.getOrDefault(entity, new BitSet());
            BitSet common = (BitSet) both.clone();
            common.and(characters);
            tally(byEntity, entity).characters(characters.cardinality(), common.cardinality(), both.cardinality());
        });
        if (!labelled.partial()) {
            own.forEach((entity, characters) -> {
                if (!truth.containsKey(entity)) {
                    tally(byEntity, entity).characters(0, 0, characters.cardinality());
                }
            });
        }
    }

    private static void reports(
            Labelled labelled,
            List<Span> spans,
            Taxonomy taxonomy,
            Map<String, BitSet> truth,
            Map<String, Tally> byEntity) {
        for (Span span : spans) {
            String entity = span.entity().name(taxonomy);
            BitSet characters = truth.get(entity);
            if (characters != null || !labelled.partial()) {
                boolean right = characters != null
                        && characters.get(span.start(), span.end()).cardinality() >= ENOUGH * span.length();
                tally(byEntity, entity).report(right);
            }
        }
    }

    private static boolean covers(BitSet characters, Labelled.Label label) {
        return characters.get(label.start(), label.end()).cardinality() >= ENOUGH * (label.end() - label.start());
    }

    private static Tally tally(Map<String, Tally> byEntity, String entity) {
        return byEntity.computeIfAbsent(entity, _ -> new Tally());
    }
}
