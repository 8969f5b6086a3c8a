package dev.postern.kms.envelope;

import dev.postern.kms.KeyManagement;
import dev.postern.kms.KeyName;
import java.security.PublicKey;
import java.util.concurrent.atomic.AtomicInteger;

/// A real key management that counts what it is asked.
final class CountingKms implements KeyManagement {
    private final KeyManagement kms;
    final AtomicInteger calls = new AtomicInteger();

    CountingKms(KeyManagement kms) {
        this.kms = kms;
    }

    @Override
    public byte[] wrap(KeyName key, byte[] plaintext, byte[] context) {
        calls.incrementAndGet();
        return kms.wrap(key, plaintext, context);
    }

    @Override
    public byte[] unwrap(KeyName key, byte[] wrapped, byte[] context) {
        calls.incrementAndGet();
        return kms.unwrap(key, wrapped, context);
    }

    @Override
    public byte[] sign(KeyName key, byte[] message) {
        throw new UnsupportedOperationException();
    }

    @Override
    public PublicKey publicKey(KeyName key) {
        throw new UnsupportedOperationException();
    }
}
