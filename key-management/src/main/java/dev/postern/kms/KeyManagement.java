package dev.postern.kms;

import java.security.PublicKey;
import java.util.Optional;

/// A key management service: keys are created on first use by [#wrap], [#sign] or [#publicKey], and have no way
/// out.
///
/// A key has versions, counted from 1. The newest wraps and signs; [#rotate] makes the next; older ones go on
/// unwrapping until [#destroyBefore]. A wrapped value says under which version it lies: [WrappedValue].
///
/// Guarantees: what [#unwrap] returns was wrapped under that key and that context, unaltered (AEAD); signatures
/// verify under the [#publicKey] of the version that made them; a key that was used once is the same after a restart.
/// Safe for any thread.
///
/// Not guaranteed: freshness (an old wrapped value unwraps as well as a new one), and speed: an implementation may
/// be a network away, so nothing here belongs on the path of a request.
public interface KeyManagement {
    /// Encrypts a small secret, such as another key.
    ///
    /// @param context authenticated, not stored: the same bytes are needed to unwrap; say what the secret is for
    /// @throws KeyManagementException if the key cannot be used
    byte[] wrap(KeyName key, byte[] plaintext, byte[] context);

    /// The inverse of [#wrap]. Never creates a key.
    ///
    /// @throws KeyManagementException if the key is unknown, its version was destroyed, or the value was altered or
    ///     wrapped for something else
    byte[] unwrap(KeyName key, byte[] wrapped, byte[] context) throws KeyManagementException;

    /// The same secret under the newest version. The secret does not leave the key management on the way; the old
    /// wrapped value stays good until its version is destroyed.
    ///
    /// @throws KeyManagementException as [#unwrap] does
    byte[] rewrap(KeyName key, byte[] wrapped, byte[] context);

    /// What an owner puts in the place of a value when it reads it: the same secret under the newest version; empty if
    /// it lies there already.
    ///
    /// @throws KeyManagementException as [#unwrap] does
    default Optional<byte[]> renewed(KeyName key, byte[] wrapped, byte[] context) {
        return WrappedValue.versionOf(wrapped) < versions(key).newest()
                ? Optional.of(rewrap(key, wrapped, context))
                : Optional.empty();
    }

    /// Signs a message; the form is that of the key's [KeyKind].
    ///
    /// @throws KeyManagementException if the key cannot be used
    byte[] sign(KeyName key, byte[] message);

    /// The public half of a signing key's newest version.
    ///
    /// @throws KeyManagementException if the key cannot be used
    PublicKey publicKey(KeyName key);

    /// The public half of one version of a signing key. Never creates a key.
    ///
    /// @throws KeyManagementException if the key or the version is not there
    PublicKey publicKey(KeyName key, int version);

    /// What there is of a key. Never creates one.
    ///
    /// @throws KeyManagementException if the key is unknown
    KeyVersions versions(KeyName key);

    /// Makes the next version, which wraps and signs from now on. Never creates a key.
    ///
    /// @throws KeyManagementException if the key is unknown, or the version could not be kept; then nothing changed
    KeyVersions rotate(KeyName key);

    /// Destroys every version below `oldest`, for good: what lies under them is lost, so rewrap first. For the end of
    /// a rotation, and for a version that is no longer trusted. Nothing happens to versions that are gone already.
    ///
    /// Not guaranteed: that no copy is left in a backup of the key management's own storage.
    ///
    /// @throws IllegalArgumentException if `oldest` is above the newest: a key is never left without a version
    /// @throws KeyManagementException if the key is unknown
    KeyVersions destroyBefore(KeyName key, int oldest);
}
