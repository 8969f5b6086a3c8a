package dev.postern.sts.signing;

import dev.postern.chassis.keys.OwnedKeys;
import java.util.Optional;

/// The signing keys of this replica.
///
/// Guarantee: a token is signed only with a key that the directory lists as ACTIVE for this replica; a key that
/// retires, is compromised or leaves the directory is forgotten here at once, so it can never sign again.
public record SigningKeys(OwnedKeys<SigningKey> owned) {

    /// The key to sign with; nothing while the directory lists none, or is too old to be believed. For any thread.
    public Optional<SigningKey> active() {
        return owned.active();
    }
}
