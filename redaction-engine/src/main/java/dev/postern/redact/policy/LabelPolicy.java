package dev.postern.redact.policy;

import java.util.List;
import java.util.Map;

/// What a policy says for one label. Prints no value of its lists.
///
/// @param actions by selector: an entity, a kind, `SECRET`, or `*`
/// @param thresholds by selector
/// @param allow values that are never hidden
/// @param deny values that always are, by the entity they count as
/// @param languages of the texts, as ISO 639-1
record LabelPolicy(
        Map<String, Treatment> actions,
        Map<String, Double> thresholds,
        List<String> allow,
        Map<String, List<String>> deny,
        List<String> languages) {
    LabelPolicy {
        actions = Map.copyOf(actions);
        thresholds = Map.copyOf(thresholds);
        allow = List.copyOf(allow);
        deny = Map.copyOf(deny);
        languages = List.copyOf(languages);
    }

    @Override
    public String toString() {
        return "LabelPolicy[" + actions + ", " + thresholds + "]";
    }
}
