package dev.postern.redact.scan;

/// What rules may cost.
///
/// Rules that are built in, or the operator's, were tried on what is hostile to them. A tenant's were not, and bounds
/// on how its patterns are written say little of what they do together: so what they do is counted.
public enum Effort {
    UNLIMITED(PlaceAutomaton.MOST_STATES, 256, Integer.MAX_VALUE, Integer.MAX_VALUE, 0, 0),
    LIMITED(1_000, 64, 1 << 16, 1 << 21, 10_000, 500);

    private final int mostStates;
    private final int mostProspects;
    private final int mostHeld;
    private final int mostCandidates;
    private final int stepsForText;
    private final int stepsForCharacter;

    Effort(
            int mostStates,
            int mostProspects,
            int mostHeld,
            int mostCandidates,
            int stepsForText,
            int stepsForCharacter) {
        this.mostStates = mostStates;
        this.mostProspects = mostProspects;
        this.mostHeld = mostHeld;
        this.mostCandidates = mostCandidates;
        this.stepsForText = stepsForText;
        this.stepsForCharacter = stepsForCharacter;
    }

    /// Of the automaton over all of them.
    int mostStates() {
        return mostStates;
    }

    /// States of the automaton over one of them.
    int mostProspects() {
        return mostProspects;
    }

    /// Positions that the states of one automaton may hold together.
    int mostHeld() {
        return mostHeld;
    }

    /// Places, and phrases, that may be proposed for one text.
    int mostCandidates() {
        return mostCandidates;
    }

    boolean limited() {
        return stepsForCharacter > 0;
    }

    /// What a text of some length may take.
    long steps(int length) {
        return limited() ? stepsForText + (long) stepsForCharacter * length : Long.MAX_VALUE;
    }
}
