package dev.postern.token;

import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.Optional;

/// The public keys tokens may be signed with, by key id.
@FunctionalInterface
public interface VerificationKeys {

    /// The key trusted under this id at this moment; never blocks.
    Optional<ECPublicKey> find(String kid);

    /// A key that was trusted once and is no more: a token that it signed is refused, and worth a look. Never blocks.
    default Optional<ECPublicKey> former(String kid) {
        return Optional.empty();
    }

    /// Told of each token that a key, trusted or former, really signed, whatever else is wrong with the token; of one
    /// that is shown again not every time. Never blocks.
    ///
    /// @param issuedAt by the token's own word
    default void signed(String kid, Instant issuedAt) {}
}
