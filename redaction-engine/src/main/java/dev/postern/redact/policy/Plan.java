package dev.postern.redact.policy;

import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import dev.postern.redact.scan.Look;
import dev.postern.redact.scan.Overlaps;
import dev.postern.redact.scan.Selection;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/// A policy for one label, compiled: one look-up for each match. Immutable; safe for any number of threads; prints
/// nothing of its lists.
public final class Plan implements Selection {
    private record Decision(Treatment treatment, InAnswers answers, double threshold) {
        /// A stricter treatment of prompts may leave answers open that a less strict one does not.
        Decision stricter(Decision other) {
            return new Decision(
                    Treatment.stricter(treatment, other.treatment),
                    answers.compareTo(other.answers) >= 0 ? answers : other.answers,
                    Math.min(threshold, other.threshold));
        }
    }

    /// What becomes of a value that a model wrote itself, the strictest last.
    private enum InAnswers {
        STAYS,
        OPEN,
        LEFT_OUT;

        static InAnswers of(Treatment treatment, boolean stated) {
            return switch (treatment) {
                case KEEP -> STAYS;
                case PSEUDONYMISE -> OPEN;
                case REMOVE -> stated ? LEFT_OUT : OPEN;
                case MASK, GENERALISE, HASH, BLOCK -> LEFT_OUT;
            };
        }
    }

    private static final double ENGINE = 0.5;

    private final Map<String, Decision> decisions;
    private final double lowest;
    private final Literals allowed;
    private final Literals denied;
    private final Set<String> languages;

    private Plan(Map<String, Decision> decisions, Literals allowed, Literals denied, Collection<String> languages) {
        this.decisions = Map.copyOf(decisions);
        this.lowest = decisions.values().stream()
                .mapToDouble(Decision::threshold)
                .min()
                .orElse(ENGINE);
        this.allowed = allowed;
        this.denied = denied;
        this.languages = Set.copyOf(languages);
    }

    /// What the rule packs do when no policy says otherwise.
    public static Plan standard(Collection<Entity> entities) {
        return compile(new LabelPolicy(Map.of(), Map.of(), List.of(), Map.of(), List.of()), new Vocabulary(entities));
    }

    static Plan compile(LabelPolicy policy, Vocabulary vocabulary) {
        Map<String, Decision> decisions = new HashMap<>();
        for (Entity entity : vocabulary.entities()) {
            Treatment said = vocabulary.said(policy.actions(), entity);
            Double threshold = vocabulary.said(policy.thresholds(), entity);
            Treatment treatment = said == null ? standard(entity) : said;
            decisions.put(
                    entity.name(),
                    new Decision(
                            treatment, InAnswers.of(treatment, said != null), threshold == null ? ENGINE : threshold));
        }
        Literals allowed = new Literals();
        policy.allow()
                .forEach(value ->
                        allowed.add(value, vocabulary.entities().iterator().next()));
        Literals denied = new Literals();
        deny(policy, vocabulary, denied);
        return new Plan(decisions, allowed, denied, policy.languages());
    }

    private static void deny(LabelPolicy policy, Vocabulary vocabulary, Literals denied) {
        policy.deny()
                .forEach((name, values) -> vocabulary
                        .entity(name)
                        .ifPresent(entity -> values.forEach(value -> denied.add(value, entity))));
    }

    /// For a label that nobody knows: of everything the strictest that any label, or no policy at all, says. Nothing is
    /// allowed, everything is denied that is denied anywhere.
    static Plan strictest(Collection<LabelPolicy> policies, Vocabulary vocabulary) {
        Map<String, Decision> decisions = new HashMap<>(standard(vocabulary.entities()).decisions);
        Literals denied = new Literals();
        Set<String> languages = new HashSet<>();
        for (LabelPolicy policy : policies) {
            Plan plan = compile(policy, vocabulary);
            decisions.replaceAll((name, decision) -> decision.stricter(plan.decisions.getOrDefault(name, decision)));
            deny(policy, vocabulary, denied);
            languages.addAll(policy.languages());
        }
        return new Plan(decisions, new Literals(), denied, languages);
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
    public Set<String> languages() {
        return languages;
    }

    /// The same plan for texts in one language.
    ///
    /// @param language as `de` or `de-AT`; empty: those that the policy names
    public Plan in(String language) {
        String primary = Locale.forLanguageTag(language).getLanguage();
        return primary.isEmpty() ? this : new Plan(decisions, allowed, denied, Set.of(primary));
    }

    /// What is left out of answers: of values that the model wrote itself. What the policy masks, generalises, hashes,
    /// removes, blocks or denies is left out; what it keeps or allows stays. It leaves two things open: what has
    /// pseudonyms in prompts, as that speaks of the caller's own alone, and secrets of which it says nothing.
    ///
    /// @param open whether an entity is left out that the policy leaves open
    public AnswerPlan answers(Predicate<Entity> open) {
        return new AnswerPlan(this, open);
    }

    boolean leftOutOfAnswers(Entity entity, Predicate<Entity> open) {
        Decision decision = decisions.get(entity.name());
        return decision == null
                || decision.answers() == InAnswers.LEFT_OUT
                || (decision.answers() == InAnswers.OPEN && open.test(entity));
    }

    boolean denies() {
        return !denied.isEmpty();
    }

    /// A denied entity is never kept: policies that say so are refused.
    @Override
    public void edit(String text, int from, int to, List<Span> found) {
        allow(text, from, to, found);
        found.addAll(denied.in(text, from, to));
    }

    /// The denied values alone, where nothing else is looked for: disjoint spans.
    public List<Span> denied(String text) {
        return Overlaps.resolve(denied.in(text), this::precedence);
    }

    @Override
    public void hold(String text, int from, Look look) {
        allowed.hold(text, from, look);
        denied.hold(text, from, look);
    }

    @Override
    public Allowed allowed(String value) {
        return allowed.whole(value);
    }

    @Override
    public void allow(String text, List<Span> found) {
        allow(text, 0, text.length(), found);
    }

    private void allow(String text, int from, int to, List<Span> found) {
        if (found.isEmpty() || allowed.isEmpty()) {
            return;
        }
        NavigableMap<Integer, Integer> places = new TreeMap<>();
        int farthest = 0;
        for (Span place : allowed.in(text, from, to)) {
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
