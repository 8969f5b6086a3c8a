package dev.postern.redacting.pseudonym;

import java.util.Optional;

/// Keeps the root keys over a restart, so that a conversation has the same pseudonyms after it. What it keeps is
/// sealed. Called by one thread at a time; it may take long.
public interface RootStore {
    Optional<byte[]> read();

    /// Replaces what was kept: a key that is not in `keys` cannot be read by anybody any more. Durable on return.
    void write(byte[] keys);

    /// Puts what is kept under the newest version of what wraps it.
    ///
    /// @return how many values were moved
    int renew();

    /// Keeps nothing: the keys are gone with the process.
    static RootStore none() {
        return new RootStore() {
            @Override
            public Optional<byte[]> read() {
                return Optional.empty();
            }

            @Override
            public void write(byte[] keys) {
                // Nothing is kept.
            }

            @Override
            public int renew() {
                return 0;
            }
        };
    }
}
