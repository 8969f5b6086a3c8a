package dev.postern.redact.scan;

import dev.postern.redact.pack.PatternShape;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Tells for a place in a text which of many patterns its next characters may begin: no more of them than its depth
/// are looked at. It never leaves a pattern out that matches there; it may name one that does not.
///
/// A deterministic automaton that is built while it is used, and no farther than [#MOST_STATES]: from there on it
/// answers with more patterns than need be, which takes longer, and begins anew when it has done so for a while. So
/// nobody's texts make it grow, or slow for those of others for long. Safe for any number of threads.
final class PlaceAutomaton {
    /// Of all patterns together, more characters would tell apart little more.
    static final int DEPTH = 12;

    static final int MOST_STATES = 20_000;
    /// Places that are answered with more patterns than need be before it begins anew. That takes a second, and as many
    /// states some three: so random text costs a few times what it would otherwise, and never more.
    private static final int MOST_INEXACT = 1 << 20;
    private static final int OTHER = 128;

    private final int depth;
    private final PatternPositions positions;
    private final int[] classes = new int[OTHER + 1];
    private final int[] samples;
    private final int mostStates;
    private final int mostHeld;
    private final int mostInexact;
    private final int[] starts;
    /// By position, the pattern it is part of.
    private final int[] owners;
    private volatile States states;
    private int inexact;

    PlaceAutomaton(List<PatternShape> patterns) {
        this(patterns, Effort.UNLIMITED);
    }

    PlaceAutomaton(List<PatternShape> patterns, Effort effort) {
        this(patterns, DEPTH, effort.mostStates(), effort.mostHeld(), MOST_INEXACT);
    }

    /// Over one pattern, which never begins anew.
    static PlaceAutomaton ofOne(PatternShape pattern, int depth, Effort effort) {
        return new PlaceAutomaton(
                List.of(pattern), depth, effort.mostProspects(), effort.mostHeld() / 16, Integer.MAX_VALUE);
    }

    /// @param mostHeld positions and patterns that all states may hold together
    PlaceAutomaton(List<PatternShape> patterns, int depth, int mostStates, int mostHeld, int mostInexact) {
        this.depth = depth;
        this.positions = new PatternPositions(depth);
        this.mostStates = mostStates;
        this.mostHeld = mostHeld;
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
        states = begin();
    }

    private States begin() {
        States none = new States(samples.length);
        state(none, starts);
        return none;
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

    /// The number of the state of a set of positions.
    private int state(States all, int[] set) {
        int known = all.of(set);
        if (known >= 0) {
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
        return all.add(set, finished.stream().toArray(), open.stream().toArray());
    }

    /// Where a step leads that was not taken before; [States#UNKNOWN] when there are states enough.
    private int build(States all, int from, int kind) {
        // Counted without the lock: some more or less do not matter.
        if (isFull() && ++inexact < mostInexact) {
            return States.UNKNOWN;
        }
        return grow(all, from, kind);
    }

    private synchronized int grow(States all, int from, int kind) {
        int known = States.step(all.steps(), from * samples.length + kind);
        if (known != States.UNKNOWN || all != states) {
            return known;
        }
        if (!isFull(all)) {
            return all.step(from, kind, state(all, after(all.positions(from), (char) samples[kind])));
        }
        inexact = 0;
        states = begin();
        return States.UNKNOWN;
    }

    /// Whether it names more than may begin where it has not been before.
    boolean isFull() {
        return isFull(states);
    }

    private boolean isFull(States all) {
        return all.count() >= mostStates || all.held() >= mostHeld;
    }

    private int[] after(int[] from, char sample) {
        BitSet set = new BitSet();
        for (int at : from) {
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
        return set.stream().toArray();
    }

    /// The patterns that may begin at a place, in ascending order.
    int[] at(CharSequence text, int place) {
        return at(text, place, false);
    }

    /// @param goesOn whether the text may go on after its end
    int[] at(CharSequence text, int place, boolean goesOn) {
        States all = states;
        int[] steps = all.steps();
        int state = States.START;
        int end = Math.min(text.length(), place + depth);
        for (int i = place; i < end; i++) {
            char c = text.charAt(i);
            if (c >= OTHER && i > place && Character.isSurrogatePair(text.charAt(i - 1), c)) {
                continue; // Patterns take both halves for one character.
            }
            int kind = classes[Math.min(c, OTHER)];
            int at = state * samples.length + kind;
            int next = at < steps.length ? States.step(steps, at) : States.UNKNOWN;
            if (next == States.UNKNOWN) {
                next = build(all, state, kind);
                steps = all.steps();
            }
            if (next < 0) {
                return all.finished(-next);
            }
            if (next == States.UNKNOWN) {
                // Meanwhile it may have begun anew.
                return all == states ? all.open(state) : at(text, place, goesOn);
            }
            state = next;
        }
        return goesOn || end == place + depth ? all.open(state) : all.finished(state);
    }
}
