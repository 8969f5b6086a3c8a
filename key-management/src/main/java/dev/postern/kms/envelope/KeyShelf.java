package dev.postern.kms.envelope;

import java.util.List;

/// Where the wrapped data keys of a store are kept: with the store, so that both are backed up and shared together.
///
/// What it throws when it cannot be used is its own.
public interface KeyShelf {
    List<WrappedKey> read();

    /// Durable on return.
    ///
    /// @return false, and nothing is changed, if there is a key of that use and generation: another replica was
    /// first
    boolean add(WrappedKey key);

    /// Puts the same key, wrapped anew, in the place of what the caller saw. Durable on return.
    ///
    /// @return false, and nothing is changed, if that is gone or something else is there by now
    boolean replace(WrappedKey seen, byte[] wrapped);

    /// Takes back what was added and is still as it was; nothing otherwise.
    void withdraw(WrappedKey added);

    /// What the key sealed cannot be read by anybody from now on, but from copies of the shelf.
    void destroy(KeyUse use, int generation);
}
