package dev.postern.rotation.lifecycle;

import java.time.Instant;

/// What can happen to a key.
public sealed interface KeyEvent {
    Instant at();

    /// Begins to sign.
    record Activate(Instant at) implements KeyEvent {}

    /// Stops signing; keeps verifying until `until`, the end of the longest-lived thing it signed.
    record Retire(Instant at, Instant until) implements KeyEvent {
        public Retire {
            if (until.isBefore(at)) {
                throw new IllegalArgumentException("a key retires into the future");
            }
        }
    }

    /// Stops verifying.
    record Destroy(Instant at) implements KeyEvent {}
}
