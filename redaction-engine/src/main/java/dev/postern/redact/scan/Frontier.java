package dev.postern.redact.scan;

import dev.postern.redact.entity.Entity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the end of a text that may go on leaves open. Before [#settled], more text changes nothing. One thread.
final class Frontier {
    private final int first;
    private int live = Integer.MAX_VALUE;
    private @Nullable Entity heldFor;
    private int phrase = Integer.MAX_VALUE;
    private @Nullable OpenValue block;
    /// Pairs of start and end that must not be cut.
    private int[] joined = new int[16];
    private int joinedCount;
    private final List<Loose> loose = new ArrayList<>();

    private record Loose(Verification.Match match, Entity entity) {}

    /// @param first where the undecided text begins
    Frontier(int first) {
        this.first = first;
    }

    /// More text decides whether something begins here. In decided text it does not: a rule may seem to begin in the
    /// end of a value that was closed.
    ///
    /// @param entity that a rule would find; null when it is no rule's
    void live(int place, @Nullable Entity entity) {
        if (place >= first && place < live) {
            live = place;
            heldFor = entity;
        }
    }

    /// More text decides whether a phrase of some context begins here.
    void phrase(int place) {
        phrase = Math.min(phrase, place);
    }

    /// What lies between belongs together.
    void joined(int start, int end) {
        if (end <= start + 1) {
            return;
        }
        if (2 * joinedCount == joined.length) {
            joined = Arrays.copyOf(joined, 2 * joined.length);
        }
        joined[2 * joinedCount] = start;
        joined[2 * joinedCount++ + 1] = end;
    }

    void block(OpenValue value) {
        if (block == null || value.start() < block.start()) {
            block = value;
        }
    }

    /// A match that stands, with a score that may rise.
    void loose(Verification.Match match, Entity entity) {
        loose.add(new Loose(match, entity));
    }

    /// The earliest place where a phrase may yet be found.
    int nextPhrase(int length) {
        return Math.min(phrase, length);
    }

    int live() {
        return live;
    }

    /// What the text is held for from [#live] on, when it is for the sake of a rule.
    @Nullable
    Entity heldFor() {
        return heldFor;
    }

    @Nullable
    OpenValue block() {
        return block;
    }

    /// Where a score may rise it matters only beside another match: which of them prevails is open.
    ///
    /// @param matches all of them, the loose ones too
    @SuppressWarnings("ReferenceEquality") // matches of two groups of rules may be equal and are not the same
    void weigh(List<Verification.Match> matches) {
        for (Loose open : loose) {
            Verification.Match match = open.match();
            for (Verification.Match other : matches) {
                if (other != match && other.start() < match.end() && match.start() < other.end()) {
                    live(match.start(), open.entity());
                }
            }
        }
    }

    int settled(int length) {
        int at = Math.min(live, length);
        if (block != null) {
            at = Math.min(at, block.start());
        }
        boolean moved = true;
        while (moved) {
            moved = false;
            for (int i = 0; i < joinedCount; i++) {
                if (joined[2 * i] < at && at < joined[2 * i + 1]) {
                    at = joined[2 * i];
                    moved = true;
                }
            }
        }
        return at;
    }
}
