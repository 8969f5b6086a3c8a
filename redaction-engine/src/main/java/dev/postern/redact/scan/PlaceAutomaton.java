package dev.postern.redact.scan;

import dev.postern.redact.pack.PatternShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tells for a place in a text which of many patterns its next characters may begin: at most [#DEPTH] of them are
/// looked at. It never leaves a pattern out that matches there; it may name one that does not.
///
/// A deterministic automaton that is built while it is used, and no farther than [#MOST_STATES]: from there on it
/// answers with more patterns than need be, which takes longer, and begins anew when it has done so for a while. So
/// nobody's texts make it grow, or slow for those of others for long. Safe for any number of threads.
final class PlaceAutomaton {
    /// More characters would tell apart little more.
    static final int DEPTH = 12;

    private static final int MOST_STATES = 20_000;
    /// Places that are answered with more patterns than need be before it begins anew. That takes a second, and as many
    /// states some three: so random text costs a few times what it would otherwise, and never more.
    private static final int MOST_INEXACT = 1 << 20;
    private static final int OTHER = 128;

    private final PatternPositions positions = new PatternPositions(DEPTH);
    private final int[] classes = new int[OTHER + 1];
    private final int[] samples;
    private final Map<PositionSet, State> states = new HashMap<>();
    private final int mostStates;
    private final int mostInexact;
    private final int[] starts;
    /// By position, the pattern it is part of.
    private final int[] owners;
    private volatile State start;
    private int inexact;

    /// A set of positions as a key.
    private static final class PositionSet {
        private final int[] set;

        PositionSet(int[] set) {
            this.set = set;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof PositionSet others && Arrays.equals(set, others.set);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(set);
        }
    }

    static final class State {
        private final int[] set;
        private final @Nullable State[] next;
        private final int[] finished;
        private final int[] open;
        private final boolean settled;

        private State(int[] set, int classes, int[] finished, int[] open) {
            this.set = set;
            this.next = new State[classes];
            this.finished = finished;
            this.open = open;
            this.settled = open.length == finished.length;
        }
    }

    PlaceAutomaton(List<PatternShape> patterns) {
        this(patterns, MOST_STATES, MOST_INEXACT);
    }

    PlaceAutomaton(List<PatternShape> patterns, int mostStates, int mostInexact) {
        this.mostStates = mostStates;
        this.mostInexact = mostInexact;
        BitSet firsts = new BitSet();
        List<Integer> items = new ArrayList<>();
        for (int item = 0; item < patterns.size(); item++) {
            for (int first : positions.unroll(patterns.get(item), item)) {
                firsts.set(first);
            }
            items.addAll(Collections.nCopies(positions.all().size() - items.size(), item));
        }
        owners = items.stream().mapToInt(Integer::intValue).toArray();
        samples = classify();
        starts = firsts.stream().toArray();
        start = state(starts);
    }

    /// Characters that no position tells apart are one class; a sample character stands for each.
    private int[] classify() {
        List<PatternShape.One> kinds = positions.all().stream()
                .map(PatternPositions.Position::takes)
                .filter(one -> one != null)
                .distinct()
                .toList();
        Map<List<Boolean>, Integer> known = new HashMap<>();
        List<Integer> firsts = new ArrayList<>();
        for (int c = 0; c <= OTHER; c++) {
            char character = (char) c;
            List<Boolean> row = kinds.stream().map(one -> one.takes(character)).toList();
            Integer number = known.putIfAbsent(row, known.size());
            if (number == null) {
                firsts.add(c);
            }
            classes[c] = known.getOrDefault(row, 0);
        }
        return firsts.stream().mapToInt(Integer::intValue).toArray();
    }

    private synchronized State state(int[] set) {
        PositionSet key = new PositionSet(set);
        State known = states.get(key);
        if (known != null) {
            return known;
        }
        BitSet finished = new BitSet();
        BitSet open = new BitSet();
        for (int at : set) {
            open.set(owners[at]);
            if (positions.at(at).item() >= 0) {
                finished.set(owners[at]);
            }
        }
        State created = new State(
                set, samples.length, finished.stream().toArray(), open.stream().toArray());
        states.put(key, created);
        return created;
    }

    private @Nullable State step(State from, int kind) {
        State known = from.next[kind];
        return known != null ? known : build(from, kind);
    }

    private synchronized @Nullable State build(State from, int kind) {
        if (states.size() >= mostStates) {
            if (++inexact < mostInexact) {
                return null;
            }
            // Who is on the way through the old states goes on to new ones.
            inexact = 0;
            states.clear();
            start = state(starts);
        }
        char sample = (char) samples[kind];
        BitSet set = new BitSet();
        for (int at : from.set) {
            PatternPositions.Position position = positions.at(at);
            PatternShape.One takes = position.takes();
            if (takes == null) {
                set.set(at);
            } else if (takes.takes(sample)) {
                for (int after : position.next()) {
                    set.set(after);
                }
            }
        }
        State next = state(set.stream().toArray());
        from.next[kind] = next;
        return next;
    }

    /// The patterns that may begin at a place, in ascending order.
    int[] at(CharSequence text, int place) {
        return at(text, place, false);
    }

    /// @param goesOn whether the text may go on after its end
    int[] at(CharSequence text, int place, boolean goesOn) {
        State state = start;
        int end = Math.min(text.length(), place + DEPTH);
        for (int i = place; i < end; i++) {
            State next = step(state, classes[Math.min(text.charAt(i), OTHER)]);
            if (next == null) {
                return state.open;
            }
            state = next;
            if (state.settled) {
                return state.finished;
            }
        }
        return goesOn || end == place + DEPTH ? state.open : state.finished;
    }
}
