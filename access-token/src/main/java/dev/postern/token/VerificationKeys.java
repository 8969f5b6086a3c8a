package dev.postern.token;

import java.security.interfaces.ECPublicKey;
import java.util.Optional;

/// The public keys tokens may be signed with, by key id.
@FunctionalInterface
public interface VerificationKeys {

    /// The key trusted under this id at this moment; never blocks.
    Optional<ECPublicKey> find(String kid);
}
