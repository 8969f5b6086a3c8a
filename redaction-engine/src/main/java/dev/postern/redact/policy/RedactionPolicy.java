package dev.postern.redact.policy;

import dev.postern.redact.detection.Detection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private final Detection detection;
    private final Map<String, Plan> plans;
    private final Plan strictest;

    RedactionPolicy(
            String description,
            String defaultLabel,
            Map<String, LabelPolicy> labels,
            Detection detection,
            Vocabulary vocabulary) {
        this.detection = detection;
        this.description = description;
        this.defaultLabel = defaultLabel.isEmpty() ? INTERNAL : defaultLabel;
        Map<String, Plan> compiled = new HashMap<>();
        new TreeMap<>(labels).forEach((label, policy) -> compiled.put(label, Plan.compile(policy, vocabulary)));
        this.plans = Map.copyOf(compiled);
        this.strictest = Plan.strictest(List.copyOf(labels.values()), vocabulary);
    }

    /// Reads a policy, strictly: unknown and repeated members are refused, and so is what lies outside its bounds. The
    /// examples of its own pack are tried.
    ///
    /// @param standard the engine, without any tenant's pack
    /// @throws PolicyRejected with everything that is wrong
    public static RedactionPolicy parse(String json, Detection standard) throws PolicyRejected {
        return PolicyReader.read(json, standard::withNew, standard);
    }

    /// Reads a policy that was in order when it was kept, perhaps by another version of the engine: its pack's examples
    /// are not tried again, for they may be found as something else by now.
    ///
    /// @param standard the engine, without any tenant's pack
    /// @throws PolicyRejected with everything that is wrong
    public static RedactionPolicy parseKept(String json, Detection standard) throws PolicyRejected {
        return PolicyReader.read(json, standard::with, standard);
    }

    /// For tenants that have none of their own: what the rule packs say, whatever the label.
    public static RedactionPolicy standard(Detection detection) {
        return new RedactionPolicy("", "", Map.of(), detection, new Vocabulary(detection.entities()));
    }

    /// What looks for the values that the policy speaks of: the engine, with the policy's own pack if it has one.
    public Detection detection() {
        return detection;
    }

    /// The plan for data of one label.
    ///
    /// @param label empty when there is none: then the policy's default, or `internal`
    public Plan plan(String label) {
        return plans.getOrDefault(label.isEmpty() ? defaultLabel : label, strictest);
    }

    /// Those of the labels, and the one of labels that it does not name.
    public Set<Plan> plans() {
        Set<Plan> all = new HashSet<>(plans.values());
        all.add(strictest);
        return all;
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
