package dev.postern.redact.policy;

import dev.postern.redact.detection.Selection;
import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import dev.postern.redact.scan.Overlaps;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.TreeMap;

/// A policy for one label, compiled: one look-up for each match. Immutable; safe for any number of threads; prints
/// nothing of its lists.
public final class Plan implements Selection {
    private record Decision(Treatment treatment, double threshold) {}

    private static final double ENGINE = 0.5;

    private final Map<String, Decision> decisions;
    private final double lowest;
    private final Literals allowed;
    private final Literals denied;
    private final String language;

    private Plan(Map<String, Decision> decisions, Literals allowed, Literals denied, String language) {
        this.decisions = Map.copyOf(decisions);
        this.lowest = decisions.values().stream()
                .mapToDouble(Decision::threshold)
                .min()
                .orElse(ENGINE);
        this.allowed = allowed;
        this.denied = denied;
        this.language = language;
    }

    /// What the rule packs do when no policy says otherwise.
    public static Plan standard(Collection<Entity> entities) {
        return compile(new LabelPolicy(Map.of(), Map.of(), List.of(), Map.of(), List.of()), new Vocabulary(entities));
    }

    static Plan compile(LabelPolicy policy, Vocabulary vocabulary) {
        Map<String, Decision> decisions = new HashMap<>();
        for (Entity entity : vocabulary.entities()) {
            Treatment said = Vocabulary.said(policy.actions(), entity);
            Double threshold = Vocabulary.said(policy.thresholds(), entity);
            decisions.put(
                    entity.name(),
                    new Decision(said == null ? standard(entity) : said, threshold == null ? ENGINE : threshold));
        }
        Literals allowed = new Literals();
        policy.allow()
                .forEach(value ->
                        allowed.add(value, vocabulary.entities().iterator().next()));
        Literals denied = new Literals();
        policy.deny()
                .forEach((name, values) -> vocabulary
                        .entity(name)
                        .ifPresent(entity -> values.forEach(value -> denied.add(value, entity))));
        String language = policy.languages().size() == 1 ? policy.languages().getFirst() : "";
        return new Plan(decisions, allowed, denied, language);
    }

    /// For a label that nobody knows: of everything the strictest that any label, or no policy at all, says. Nothing is
    /// allowed, everything is denied that is denied anywhere.
    static Plan strictest(Collection<LabelPolicy> policies, Vocabulary vocabulary) {
        Map<String, Decision> decisions = new HashMap<>(standard(vocabulary.entities()).decisions);
        Literals denied = new Literals();
        for (LabelPolicy policy : policies) {
            Plan plan = compile(policy, vocabulary);
            decisions.replaceAll((name, decision) -> {
                Decision other = plan.decisions.getOrDefault(name, decision);
                return new Decision(
                        Treatment.stricter(decision.treatment(), other.treatment()),
                        Math.min(decision.threshold(), other.threshold()));
            });
            policy.deny()
                    .forEach((name, values) -> vocabulary
                            .entity(name)
                            .ifPresent(entity -> values.forEach(value -> denied.add(value, entity))));
        }
        return new Plan(decisions, new Literals(), denied, "");
    }

    private static Treatment standard(Entity entity) {
        return switch (entity.action()) {
            case PSEUDONYMISE -> Treatment.PSEUDONYMISE;
            case REMOVE -> Treatment.REMOVE;
            case KEEP -> Treatment.KEEP;
        };
    }

    /// What becomes of a value. An entity that this plan does not know is treated as a secret.
    public Treatment treatment(Entity entity) {
        Decision decision = decisions.get(entity.name());
        return decision == null ? Treatment.REMOVE : decision.treatment();
    }

    @Override
    public boolean wants(Entity entity) {
        return treatment(entity) != Treatment.KEEP;
    }

    @Override
    public int precedence(Entity entity) {
        return treatment(entity).strictness();
    }

    @Override
    public OptionalDouble lowestScore() {
        return OptionalDouble.of(lowest);
    }

    @Override
    public boolean sureEnough(Span span) {
        Decision decision = decisions.get(span.entity().name());
        return decision == null || span.score() >= decision.threshold();
    }

    @Override
    public String language() {
        return language;
    }

    @Override
    public void edit(String text, List<Span> found) {
        allow(text, found);
        denied.in(text).stream().filter(span -> wants(span.entity())).forEach(found::add);
    }

    /// The denied values alone, where nothing else is looked for: disjoint spans.
    public List<Span> denied(String text) {
        return Overlaps.resolve(
                denied.in(text).stream().filter(span -> wants(span.entity())).toList(), this::precedence);
    }

    @Override
    public void allow(String text, List<Span> found) {
        if (found.isEmpty() || allowed.isEmpty()) {
            return;
        }
        NavigableMap<Integer, Integer> places = new TreeMap<>();
        int farthest = 0;
        for (Span place : allowed.in(text)) {
            farthest = Math.max(farthest, place.end());
            places.put(place.start(), farthest);
        }
        found.removeIf(span -> {
            Map.Entry<Integer, Integer> before = places.floorEntry(span.start());
            return before != null && before.getValue() >= span.end();
        });
    }

    @Override
    public String toString() {
        return "Plan[" + decisions.size() + " entities]";
    }
}
