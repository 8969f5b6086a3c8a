package dev.postern.redact.scan;

import dev.postern.redact.pack.PatternShape;
import org.jspecify.annotations.Nullable;

/// Tells cheaply of most places where a rule was proposed that it cannot match there, by all that its pattern asks of
/// the next characters but its assertions. Safe for any number of threads.
///
/// Texts of random characters fill it with states; then it rules nothing out for a while, and begins anew.
final class Prospect {
    private static final int DEPTH = 32;
    /// Tries that it lets pass when it is full: as many take longer than filling it.
    private static final int MOST_PASSED = 1 << 15;

    private final PatternShape pattern;
    private final Effort effort;
    private volatile @Nullable PlaceAutomaton automaton;
    /// Counted without a lock: some more or less do not matter.
    private int passed;

    Prospect(PatternShape pattern, Effort effort) {
        this.pattern = pattern;
        this.effort = effort;
    }

    /// Whether the rule's pattern may match from a place on; never false where it does.
    ///
    /// @param goesOn whether the text may go on after its end
    boolean mayMatch(CharSequence text, int place, boolean goesOn) {
        PlaceAutomaton known = automaton;
        if (known == null) {
            // Two of them at the same moment are as good as one.
            known = PlaceAutomaton.ofOne(pattern, DEPTH, effort);
            automaton = known;
        } else if (known.isFull()) {
            if (++passed >= MOST_PASSED) {
                passed = 0;
                automaton = null;
            }
            return true;
        }
        return known.at(text, place, goesOn).length > 0;
    }
}
