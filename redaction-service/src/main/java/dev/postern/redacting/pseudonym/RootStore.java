package dev.postern.redacting.pseudonym;

import java.util.Optional;
import java.util.function.Function;

/// Keeps the root keys over a restart and for other replicas, so that a conversation has the same pseudonyms after it.
/// What it keeps is sealed. Called by one thread at a time; it may take long.
public interface RootStore {
    Optional<byte[]> read();

    /// Replaces what is kept by what is made of it: a key that is not in that cannot be read by anybody any more.
    /// Durable on return. Nobody's change is lost: when another process was faster, it is made anew of what
    /// that left.
    ///
    /// @param change makes what is to be kept, of what is; both are wiped afterwards
    void update(Function<Optional<byte[]>, byte[]> change);

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
            public void update(Function<Optional<byte[]>, byte[]> change) {
                var _ = change.apply(Optional.empty());
            }

            @Override
            public int renew() {
                return 0;
            }
        };
    }
}
