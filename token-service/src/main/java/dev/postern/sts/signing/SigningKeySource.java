package dev.postern.sts.signing;

import dev.postern.chassis.keys.KeySource;
import java.security.SecureRandom;
import java.util.Map;
import java.util.OptionalInt;

/// Makes signing keys. The private part of one that retires is forgotten at once: others check what it signed. What a
/// compromised one signed is ended.
record SigningKeySource(SecureRandom random, KeyEnd end) implements KeySource<SigningKey> {

    /// Ends what a compromised key signed: revokes it, and counts what still lives.
    @FunctionalInterface
    interface KeyEnd {
        /// Empty while something may live.
        OptionalInt of(String keyId);
    }

    @Override
    public String keyClass() {
        return "token-signing";
    }

    @Override
    public Retirement retirement() {
        return Retirement.FORGOTTEN;
    }

    @Override
    public SigningKey next() {
        return SigningKey.generate(random);
    }

    @Override
    public String keyId(SigningKey key) {
        return key.keyId();
    }

    @Override
    public Map<String, Object> publicJwk(SigningKey key) {
        return key.publicJwk();
    }

    @Override
    public OptionalInt endedWith(String keyId) {
        return end.of(keyId);
    }
}
