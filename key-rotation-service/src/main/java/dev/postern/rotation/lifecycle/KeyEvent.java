package dev.postern.rotation.lifecycle;

import java.time.Instant;

/// What can happen to a key.
public sealed interface KeyEvent {
    Instant at();

    /// Begins to be used for what is new.
    record Activate(Instant at) implements KeyEvent {}

    /// Is used for nothing new; verifies or opens until `until`, the end of the longest-lived thing it made.
    record Retire(Instant at, Instant until) implements KeyEvent {
        public Retire {
            if (until.isBefore(at)) {
                throw new IllegalArgumentException("a key retires into the future");
            }
        }
    }

    /// Is used for nothing any more.
    record Destroy(Instant at) implements KeyEvent {}

    /// Somebody else may hold it.
    record Compromise(Instant at) implements KeyEvent {}
}
