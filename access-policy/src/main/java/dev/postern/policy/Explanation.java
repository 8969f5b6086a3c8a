package dev.postern.policy;

import java.util.List;

/// Why policy decides as it does: every check and rule of the phase, in the order in which they count.
public record Explanation(Decision decision, List<RuleOutcome> rules) {

    public Explanation {
        rules = List.copyOf(rules);
    }
}
