package dev.postern.session;

import java.security.PrivateKey;
import javax.security.auth.DestroyFailedException;

/// A KEM key pair in memory. Closing erases the private half; Conscrypt's keys, unlike the JDK's, can be erased.
final class KemKeyPair implements AutoCloseable {
    private final Suite suite;
    private final byte[] publicKey;
    private final PrivateKey privateKey;

    KemKeyPair(Suite suite, byte[] publicKey, PrivateKey privateKey) {
        this.suite = suite;
        this.publicKey = publicKey;
        this.privateKey = privateKey;
    }

    Suite suite() {
        return suite;
    }

    byte[] publicKey() {
        return publicKey.clone();
    }

    PrivateKey privateKey() {
        return privateKey;
    }

    @Override
    public void close() {
        try {
            privateKey.destroy();
        } catch (DestroyFailedException e) {
            throw new IllegalStateException("the provider keeps a private key it promised to erase", e);
        }
    }

    @Override
    public String toString() {
        return "KemKeyPair[" + suite + "]";
    }
}
