package dev.postern.kms;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Keeps what key management wrapped, by name: keys that are shared, or that must survive a restart, in the form in
/// which they may lie anywhere.
///
/// Guarantees: a set is replaced whole or not at all, is durable once [#replace] returned true, and is never replaced
/// by somebody who had not seen what is there. Not guaranteed: secrecy or integrity; both come from the wrapping.
public interface WrappedSets {
    /// What is there; empty if nothing is.
    ///
    /// @throws KeyManagementException if it cannot be read: an absent set is never guessed
    Optional<byte[]> read(String name);

    /// Puts a set in place of what the caller saw.
    ///
    /// @param expected what [#read] gave; null if there was nothing
    /// @return false, and nothing changed, if something else is there by now
    /// @throws KeyManagementException if it cannot be written; it may have been all the same
    boolean replace(String name, byte @Nullable [] expected, byte[] content);

    /// Where a set lies, for a message to an operator.
    String placeOf(String name);
}
