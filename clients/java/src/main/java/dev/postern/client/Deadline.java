package dev.postern.client;

import java.time.Duration;

/// A moment by [System#nanoTime], which no clock's change moves.
record Deadline(long nanoTime) {
    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /// Zero or less when it has passed.
    long left() {
        return nanoTime - System.nanoTime();
    }

    boolean passed() {
        return left() <= 0;
    }

    Deadline orEarlier(Deadline other) {
        return other.left() < left() ? other : this;
    }
}
