package dev.postern.policy;

import java.util.Set;

/// A rule: an effect where a condition is true.
///
/// @param phases in which it is asked
/// @param when a CEL expression of type bool
public record Rule(String id, Effect effect, Set<Phase> phases, String when, String description) {

    public Rule {
        phases = Set.copyOf(phases);
    }
}
