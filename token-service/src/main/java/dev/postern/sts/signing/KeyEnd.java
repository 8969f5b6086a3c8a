package dev.postern.sts.signing;

import java.util.OptionalInt;

/// Ends what a compromised key signed.
@FunctionalInterface
public interface KeyEnd {

    /// How many live things ended with the key; empty while some may live. Asked again until it answers.
    OptionalInt of(String keyId);
}
