package dev.postern.kms.envelope;

import dev.postern.kms.KeyManagement;
import dev.postern.kms.KeyName;
import dev.postern.kms.KeyVersions;
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
    public byte[] rewrap(KeyName key, byte[] wrapped, byte[] context) {
        calls.incrementAndGet();
        return kms.rewrap(key, wrapped, context);
    }

    @Override
    public byte[] sign(KeyName key, byte[] message) {
        calls.incrementAndGet();
        return kms.sign(key, message);
    }

    @Override
    public PublicKey publicKey(KeyName key) {
        calls.incrementAndGet();
        return kms.publicKey(key);
    }

    @Override
    public PublicKey publicKey(KeyName key, int version) {
        calls.incrementAndGet();
        return kms.publicKey(key, version);
    }

    @Override
    public KeyVersions versions(KeyName key) {
        calls.incrementAndGet();
        return kms.versions(key);
    }

    @Override
    public KeyVersions rotate(KeyName key) {
        calls.incrementAndGet();
        return kms.rotate(key);
    }

    @Override
    public KeyVersions destroyBefore(KeyName key, int oldest) {
        calls.incrementAndGet();
        return kms.destroyBefore(key, oldest);
    }
}
