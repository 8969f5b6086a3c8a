package dev.postern.policy;

import dev.postern.policy.RuleOutcome.Outcome;
import dev.postern.token.NamePattern;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// A policy set ready to decide by. Immutable and thread-safe; nothing here blocks or throws.
///
/// Roles come first: a client with roles has at most what they grant. Then the rules of the phase: any matching deny
/// denies, otherwise one allow must match. A deny whose condition fails counts as matching, an allow whose condition
/// fails does not: what cannot be decided is denied. A containment whose condition fails does nothing, because ending
/// everybody's sessions over a mistake in a rule would be the greater harm.
public final class CompiledPolicy {

    /// The most that all conditions asked in one decision may cost together.
    static final int MAX_COST = 10_000;

    private static final String OF_EVERY_POLICY = "Checked by every policy.";

    private final PolicySet set;
    private final Map<Phase, List<CompiledRule>> rules;
    private final List<CompiledContainment> containment;
    private final List<Price> prices;

    /// Denies before allows, otherwise as written.
    private record CompiledRule(Rule rule, Condition condition) {}

    private record CompiledContainment(ContainmentRule rule, Condition condition) {}

    /// What is checked before the rules, in this order.
    private enum Check {
        ROLE_SCOPE(Decision.ROLE_SCOPE, "The client's roles grant every scope of the token."),
        ROLE_MODEL(Decision.ROLE_MODEL, "The client's roles grant the model."),
        ROLE_TOPIC(Decision.ROLE_TOPIC, "The client's roles grant the topic."),
        CLEARANCE(Decision.CLEARANCE, "The client is cleared for data this sensitive.");

        private final String id;
        private final String sentence;

        Check(String id, String sentence) {
            this.id = id;
            this.sentence = sentence;
        }
    }

    private CompiledPolicy(PolicySet set, Map<Phase, List<CompiledRule>> rules, List<CompiledContainment> containment) {
        this.set = set;
        this.rules = rules;
        this.containment = containment;
        this.prices = set.prices().stream()
                .sorted(Comparator.comparing((Price price) -> price.model().endsWith("*"))
                        .thenComparingInt(price -> -price.model().length()))
                .toList();
    }

    /// Compiles every condition of a set, or says what is wrong with them.
    public static CompiledPolicy compile(PolicySet set) throws PolicyRejected {
        return compile(set, new Conditions());
    }

    static CompiledPolicy compile(PolicySet set, Conditions conditions) throws PolicyRejected {
        List<Problem> problems = new ArrayList<>();
        Map<Phase, List<CompiledRule>> rules = new EnumMap<>(Phase.class);
        for (Phase phase : Phase.values()) {
            rules.put(phase, new ArrayList<>());
        }
        for (int i = 0; i < set.rules().size(); i++) {
            Rule rule = set.rules().get(i);
            conditions
                    .compile("/rules/" + i + "/when", rule.when(), problems)
                    .ifPresent(condition -> rule.phases()
                            .forEach(phase ->
                                    Objects.requireNonNull(rules.get(phase)).add(new CompiledRule(rule, condition))));
        }
        List<CompiledContainment> containment = new ArrayList<>();
        for (int i = 0; i < set.containment().size(); i++) {
            ContainmentRule rule = set.containment().get(i);
            conditions
                    .compile("/containment/" + i + "/when", rule.when(), problems)
                    .ifPresent(condition -> containment.add(new CompiledContainment(rule, condition)));
        }
        rules.replaceAll((phase, ofPhase) -> ofPhase.stream()
                .sorted(Comparator.comparing(compiled -> compiled.rule().effect() != Effect.DENY))
                .toList());
        for (Phase phase : Phase.values()) {
            requireAffordable(
                    "/rules",
                    Objects.requireNonNull(rules.get(phase)).stream()
                            .map(CompiledRule::condition)
                            .toList(),
                    problems);
        }
        requireAffordable(
                "/containment",
                containment.stream().map(CompiledContainment::condition).toList(),
                problems);
        if (!problems.isEmpty()) {
            throw new PolicyRejected(problems.stream().distinct().toList());
        }
        return new CompiledPolicy(set, rules, List.copyOf(containment));
    }

    private static void requireAffordable(String path, Collection<Condition> conditions, List<Problem> problems) {
        double cost = conditions.stream().mapToDouble(Condition::cost).sum();
        if (cost > MAX_COST) {
            problems.add(new Problem(
                    path,
                    "These conditions together could cost " + Math.round(cost) + " steps and at most " + MAX_COST
                            + " are allowed."));
        }
    }

    public PolicySet set() {
        return set;
    }

    /// Whether it is allowed, and which rule decided.
    public Decision decide(Phase phase, Facts facts) {
        RoleGrant grant = roles(facts.client().roles());
        for (Check check : Check.values()) {
            if (!holds(check, phase, facts, grant)) {
                return Decision.deny(check.id);
            }
        }
        FactVariables variables = new FactVariables(phase, facts);
        for (CompiledRule compiled : ofPhase(phase)) {
            Outcome outcome = compiled.condition().evaluate(variables);
            if (counts(compiled.rule().effect(), outcome)) {
                return new Decision(
                        compiled.rule().effect() == Effect.ALLOW,
                        compiled.rule().id());
            }
        }
        return Decision.deny(Decision.NO_ALLOW);
    }

    /// The same decision, with what every check and rule of the phase says.
    public Explanation explain(Phase phase, Facts facts) {
        List<RuleOutcome> outcomes = new ArrayList<>();
        RoleGrant grant = roles(facts.client().roles());
        for (Check check : Check.values()) {
            outcomes.add(new RuleOutcome(
                    check.id,
                    Effect.DENY,
                    holds(check, phase, facts, grant) ? Outcome.NOT_MATCHED : Outcome.MATCHED,
                    check.sentence + " " + OF_EVERY_POLICY));
        }
        FactVariables variables = new FactVariables(phase, facts);
        for (CompiledRule compiled : ofPhase(phase)) {
            Rule rule = compiled.rule();
            outcomes.add(new RuleOutcome(
                    rule.id(), rule.effect(), compiled.condition().evaluate(variables), rule.description()));
        }
        Decision decision = outcomes.stream()
                .filter(outcome -> counts(outcome.effect(), outcome.outcome()))
                .findFirst()
                .map(outcome -> new Decision(outcome.effect() == Effect.ALLOW, outcome.id()))
                .orElse(Decision.deny(Decision.NO_ALLOW));
        return new Explanation(decision, outcomes);
    }

    private static boolean counts(Effect effect, Outcome outcome) {
        return switch (effect) {
            case DENY -> outcome != Outcome.NOT_MATCHED;
            case ALLOW -> outcome == Outcome.MATCHED;
        };
    }

    private List<CompiledRule> ofPhase(Phase phase) {
        return Objects.requireNonNull(rules.get(phase));
    }

    private static boolean holds(Check check, Phase phase, Facts facts, RoleGrant grant) {
        Facts.Request request = facts.request();
        return switch (check) {
            case ROLE_SCOPE ->
                !grant.restricts() || facts.token().scopes().stream().allMatch(grant::allowsScope);
            case ROLE_MODEL -> request.model().isEmpty() || grant.allowsModel(request.model());
            case ROLE_TOPIC -> request.topic().isEmpty() || grant.allowsTopic(request.topic());
            // When a token is issued there is no data yet.
            case CLEARANCE ->
                phase == Phase.ISSUE || facts.client().sensitivityClearance().includes(request.sensitivity());
        };
    }

    /// What is to be done about the client's behaviour: the strongest action that a rule asks for, the first of
    /// several.
    public Optional<Containment> containment(Facts facts) {
        FactVariables variables = new FactVariables(Phase.SESSION, facts);
        Containment strongest = null;
        for (CompiledContainment compiled : containment) {
            ContainmentRule rule = compiled.rule();
            boolean stronger = strongest == null || rule.action().compareTo(strongest.action()) > 0;
            if (stronger && compiled.condition().evaluate(variables) == Outcome.MATCHED) {
                strongest = new Containment(rule.id(), rule.action());
            }
        }
        return Optional.ofNullable(strongest);
    }

    /// Every limit that a request must fit in, as written.
    public List<Limit> limitsFor(String tenant, String client, String model) {
        return set.limits().stream()
                .filter(limit -> limit.appliesTo(tenant, client, model))
                .toList();
    }

    /// Whether any limit applies to this client, for whatever model.
    public boolean isLimited(String tenant, String client) {
        return set.limits().stream().anyMatch(limit -> limit.appliesTo(tenant, client));
    }

    /// The price for a model: its own, else that with the longest matching beginning.
    public Optional<Price> priceOf(String model) {
        return prices.stream()
                .filter(price -> NamePattern.matches(price.model(), model))
                .findFirst();
    }

    /// What these roles grant together.
    public RoleGrant roles(Collection<String> names) {
        if (names.isEmpty()) {
            return RoleGrant.UNRESTRICTED;
        }
        return RoleGrant.of(Set.copyOf(names).stream()
                .map(set.roles()::get)
                .filter(Objects::nonNull)
                .toList());
    }
}
