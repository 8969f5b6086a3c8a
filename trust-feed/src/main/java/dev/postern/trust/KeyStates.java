package dev.postern.trust;

import java.util.Map;

/// How the keys of the directory stand: news of it, before it is read again.
///
/// @param directoryVersion a later one replaces an earlier one
/// @param states by `kid`
public record KeyStates(long directoryVersion, Map<String, State> states) implements TrustChange {
    static final int MAX_KEYS = 4096;
    private static final int MAX_KEY_ID = 256;

    /// The state of a key.
    public enum State {
        PREPARED,
        ACTIVE,
        RETIRING,
        /// Verifies nothing any more.
        DESTROYED,
        /// Somebody else may hold it: nothing it signed counts.
        COMPROMISED;

        /// Whether what such a key signed may still count.
        public boolean isTrusted() {
            return switch (this) {
                case PREPARED, ACTIVE, RETIRING -> true;
                case DESTROYED, COMPROMISED -> false;
            };
        }
    }

    public KeyStates {
        states = Map.copyOf(states);
        if (directoryVersion < 0 || states.size() > MAX_KEYS) {
            throw new IllegalArgumentException("a directory has a version and at most 4096 keys");
        }
        if (states.keySet().stream().anyMatch(kid -> kid.isBlank() || kid.length() > MAX_KEY_ID)) {
            throw new IllegalArgumentException("a key id has 1 to 256 characters");
        }
    }
}
