package dev.postern.redact.scan;

import dev.postern.redact.pack.Rule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tells cheaply of most places where a rule was proposed that it cannot match there, by all that its pattern asks of
/// the next characters but its assertions. Safe for any number of threads.
final class Prospect {
    private static final int DEPTH = 64;
    /// A few texts' worth; what needs more is left to the pattern itself.
    private static final int MOST_STATES = 256;
    private static final int MOST_INEXACT = 1 << 16;

    private final Rule rule;
    private volatile @Nullable PlaceAutomaton automaton;

    Prospect(Rule rule) {
        this.rule = rule;
    }

    /// Whether the rule's pattern may match from a place on; never false where it does.
    ///
    /// @param goesOn whether the text may go on after its end
    boolean mayMatch(CharSequence text, int place, boolean goesOn) {
        PlaceAutomaton known = automaton;
        if (known == null) {
            // Two of them at the same moment are as good as one.
            known = new PlaceAutomaton(List.of(rule.shape()), DEPTH, MOST_STATES, MOST_INEXACT);
            automaton = known;
        }
        return known.at(text, place, goesOn).length > 0;
    }
}
