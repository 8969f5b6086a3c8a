package dev.postern.redact.policy;

import dev.postern.redact.entity.Entity;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// A tenant's policy, read and compiled: for each label of data a [Plan]. Immutable; safe for any number of threads;
/// prints nothing of its lists.
///
/// A label that the policy does not name gets the strictest of everything that it, or no policy at all, says.
public final class RedactionPolicy {
    /// The platform's own default for requests that bear no label.
    private static final String INTERNAL = "internal";

    private final String description;
    private final String defaultLabel;
    private final Map<String, Plan> plans;
    private final Plan strictest;

    RedactionPolicy(String description, String defaultLabel, Map<String, LabelPolicy> labels, Vocabulary vocabulary) {
        this.description = description;
        this.defaultLabel = defaultLabel.isEmpty() ? INTERNAL : defaultLabel;
        Map<String, Plan> compiled = new HashMap<>();
        new TreeMap<>(labels).forEach((label, policy) -> compiled.put(label, Plan.compile(policy, vocabulary)));
        this.plans = Map.copyOf(compiled);
        this.strictest = Plan.strictest(List.copyOf(labels.values()), vocabulary);
    }

    /// Reads a policy, strictly: unknown and repeated members are refused, and so is what lies outside its bounds.
    ///
    /// @param entities those that there are
    /// @throws PolicyRejected with everything that is wrong
    public static RedactionPolicy parse(String json, Collection<Entity> entities) throws PolicyRejected {
        return new PolicyReader(new Vocabulary(entities)).read(json);
    }

    /// For tenants that have none of their own: what the rule packs say, whatever the label.
    public static RedactionPolicy standard(Collection<Entity> entities) {
        return new RedactionPolicy("", "", Map.of(), new Vocabulary(entities));
    }

    /// The plan for data of one label.
    ///
    /// @param label empty when there is none: then the policy's default, or `internal`
    public Plan plan(String label) {
        return plans.getOrDefault(label.isEmpty() ? defaultLabel : label, strictest);
    }

    public String description() {
        return description;
    }

    public SortedSet<String> labels() {
        return new TreeSet<>(plans.keySet());
    }

    @Override
    public String toString() {
        return "RedactionPolicy" + labels();
    }
}
