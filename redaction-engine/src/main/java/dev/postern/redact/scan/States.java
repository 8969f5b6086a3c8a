package dev.postern.redact.scan;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// The states of a [PlaceAutomaton], by number, as far as they are known. Whoever adds holds a lock; anybody may read
/// meanwhile, and then sees too little, never what is not so.
final class States {
    /// Nobody has taken this step yet.
    static final int UNKNOWN = 0;
    /// The state that is added first.
    static final int START = 1;

    private static final VarHandle STEPS = MethodHandles.arrayElementVarHandle(int[].class);
    private static final int FIRST = 16;

    private final int width;
    private final Map<Positions, Integer> numbers = new HashMap<>();
    /// By state and class of character. One flat array, so that a step is one access.
    private int[] steps;
    private int held;
    private int[][] positions = new int[FIRST][];
    private int[][] finished = new int[FIRST][];
    private int[][] open = new int[FIRST][];

    /// As a key.
    private static final class Positions {
        private final int[] set;

        Positions(int[] set) {
            this.set = set;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Positions others && Arrays.equals(set, others.set);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(set);
        }
    }

    /// @param width how many classes of characters there are
    States(int width) {
        this.width = width;
        this.steps = new int[FIRST * width];
    }

    int count() {
        return numbers.size();
    }

    /// Positions and patterns that all of them hold.
    int held() {
        return held;
    }

    /// The state of a set of positions, or -1.
    int of(int[] set) {
        return numbers.getOrDefault(new Positions(set), -1);
    }

    /// @param finished patterns that match whatever follows
    /// @param open patterns that may match
    int add(int[] set, int[] finished, int[] open) {
        int number = START + numbers.size();
        if (number == positions.length) {
            this.positions = Arrays.copyOf(positions, 2 * number);
            this.finished = Arrays.copyOf(this.finished, 2 * number);
            this.open = Arrays.copyOf(this.open, 2 * number);
            this.steps = Arrays.copyOf(steps, 2 * number * width);
        }
        numbers.put(new Positions(set), number);
        this.positions[number] = set;
        this.finished[number] = finished;
        this.open[number] = open;
        this.held += set.length + finished.length + open.length;
        return number;
    }

    /// Where a step leads is told as [#step] tells it.
    int step(int from, int kind, int to) {
        int step = open[to].length == finished[to].length ? -to : to;
        STEPS.setRelease(steps, from * width + kind, step);
        return step;
    }

    /// All steps, each at its state times the number of classes, plus its class.
    int[] steps() {
        return steps;
    }

    /// The state that a step leads to: its negative when what is said there holds whatever follows.
    static int step(int[] steps, int at) {
        return (int) STEPS.getAcquire(steps, at);
    }

    int[] positions(int state) {
        return positions[state];
    }

    int[] finished(int state) {
        return finished[state];
    }

    int[] open(int state) {
        return open[state];
    }
}
