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

    private final List<Position> positions = new ArrayList<>();
    private final int[] classes = new int[OTHER + 1];
    private final int[] samples;
    private final Map<PositionSet, State> states = new HashMap<>();
    private final State start;

    /// A place in the unrolled patterns: what it takes, and what comes next. `item` is set where a pattern ends.
    private static final class Position {
        private final PatternShape.@Nullable One takes;
        private final int[] next;
        private final int item;

        Position(PatternShape.@Nullable One takes, int[] next, int item) {
            this.takes = takes;
            this.next = next;
            this.item = item;
        }
    }

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
            int end = add(new Position(null, new int[0], item));
            for (int first : unroll(patterns.get(item), new int[] {end}, DEPTH)) {
                starts.add(first);
            }
        }
        samples = classify();
        start = state(
                starts.stream().distinct().sorted().mapToInt(Integer::intValue).toArray());
    }

    private int add(Position position) {
        positions.add(position);
        return positions.size() - 1;
    }

    /// The places where a shape that is followed by `after` begins. What lies deeper than `depth` is taken for matched.
    private int[] unroll(PatternShape shape, int[] after, int depth) {
        return switch (shape) {
            case PatternShape.One one -> new int[] {add(new Position(one, after, -1))};
            case PatternShape.All all -> {
                int[] next = after;
                List<PatternShape> parts = all.parts();
                int kept = 0;
                int length = 0;
                while (kept < parts.size() && length < depth) {
                    length += parts.get(kept++).minLength();
                }
                if (kept < parts.size()) {
                    next = ends(after);
                }
                for (int i = kept - 1; i >= 0; i--) {
                    next = unroll(parts.get(i), next, depth);
                }
                yield next;
            }
            case PatternShape.Either either -> {
                int[] all = new int[0];
                for (PatternShape option : either.options()) {
                    all = union(all, unroll(option, after, depth));
                }
                yield all;
            }
            case PatternShape.Times times -> times(times, after, depth);
        };
    }

    private int[] times(PatternShape.Times times, int[] after, int depth) {
        int once = Math.max(1, times.part().minLength());
        int enough = depth / once + 1;
        int[] next = after;
        int most = times.most();
        if (most > enough) {
            next = times.least() > enough ? ends(after) : union(after, ends(after));
            most = enough;
        }
        for (int i = most; i > 0; i--) {
            int[] begun = unroll(times.part(), next, depth);
            next = i > times.least() ? union(begun, after) : begun;
        }
        return next;
    }

    /// The ends of the patterns that these places belong to.
    private int[] ends(int[] places) {
        int at = places[0];
        while (positions.get(at).item < 0) {
            at = positions.get(at).next[0];
        }
        return new int[] {at};
    }

    private static int[] union(int[] a, int[] b) {
        int[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return Arrays.stream(both).distinct().toArray();
    }

    /// Characters that no position tells apart are one class; a sample character stands for each.
    private int[] classify() {
        List<PatternShape.One> kinds = positions.stream()
                .map(position -> position.takes)
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
                .map(at -> positions.get(at).item)
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
        return positions.get(ends(new int[] {place})[0]).item;
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
            Position position = positions.get(at);
            if (position.takes == null) {
                set = union(set, new int[] {at});
            } else if (position.takes.takes(sample)) {
                set = union(set, position.next);
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
