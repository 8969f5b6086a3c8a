package dev.postern.redact.scan;

import dev.postern.redact.pack.PatternShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tells for a place in a text which of many patterns its next characters may begin: at most [#DEPTH] of them are
/// looked at. It never leaves a pattern out that matches there; it may name one that does not.
///
/// A deterministic automaton that is built while it is used, and no farther than [#MOST_STATES]: from there on it
/// answers with more patterns than need be. Safe for any number of threads.
final class PlaceAutomaton {
    /// More characters would tell apart little more.
    static final int DEPTH = 12;

    private static final int MOST_STATES = 20_000;
    private static final int OTHER = 128;

    private final PatternPositions positions = new PatternPositions(DEPTH);
    private final int[] classes = new int[OTHER + 1];
    private final int[] samples;
    private final Map<PositionSet, State> states = new HashMap<>();
    private final State start;

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
        List<Integer> starts = new ArrayList<>();
        for (int item = 0; item < patterns.size(); item++) {
            for (int first : positions.unroll(patterns.get(item), item)) {
                starts.add(first);
            }
        }
        samples = classify();
        start = state(
                starts.stream().distinct().sorted().mapToInt(Integer::intValue).toArray());
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
        int[] finished = Arrays.stream(set)
                .map(at -> positions.at(at).item())
                .filter(item -> item >= 0)
                .distinct()
                .sorted()
                .toArray();
        int[] open = Arrays.stream(set).map(this::itemOf).distinct().sorted().toArray();
        State created = new State(set, samples.length, finished, open);
        states.put(key, created);
        return created;
    }

    private int itemOf(int place) {
        return positions.at(positions.end(place)).item();
    }

    private @Nullable State step(State from, int kind) {
        State known = from.next[kind];
        return known != null ? known : build(from, kind);
    }

    private synchronized @Nullable State build(State from, int kind) {
        if (states.size() >= MOST_STATES) {
            return null;
        }
        char sample = (char) samples[kind];
        int[] set = new int[0];
        for (int at : from.set) {
            PatternPositions.Position position = positions.at(at);
            PatternShape.One takes = position.takes();
            if (takes == null) {
                set = PatternPositions.union(set, new int[] {at});
            } else if (takes.takes(sample)) {
                set = PatternPositions.union(set, position.next());
            }
        }
        State next = state(Arrays.stream(set).sorted().toArray());
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
