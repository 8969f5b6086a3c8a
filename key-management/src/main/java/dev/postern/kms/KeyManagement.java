package dev.postern.kms;

import java.security.PublicKey;

/// A key management service: keys are created on first use by [#wrap], [#sign] or [#publicKey], and have no way
/// out.
///
/// Guarantees: what [#unwrap] returns was wrapped under that key and that context, unaltered (AEAD); signatures
/// verify under [#publicKey]; a key that was used once is the same after a restart. Safe for any thread.
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
    /// @throws KeyManagementException if the key is unknown, or the value was altered or wrapped for something else
    byte[] unwrap(KeyName key, byte[] wrapped, byte[] context) throws KeyManagementException;

    /// Signs a message; the form is that of the key's [KeyKind].
    ///
    /// @throws KeyManagementException if the key cannot be used
    byte[] sign(KeyName key, byte[] message);

    /// The public half of a signing key.
    ///
    /// @throws KeyManagementException if the key cannot be used
    PublicKey publicKey(KeyName key);
}
