package dev.postern.kms.envelope;

import dev.postern.kms.KeyManagement;
import dev.postern.kms.KeyName;
import dev.postern.kms.KeyVersions;
import java.security.PublicKey;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// A real key management that counts what it is asked, and whose caller can stall once it has an answer.
final class CountingKms implements KeyManagement {
    private final KeyManagement kms;
    final AtomicInteger calls = new AtomicInteger();
    private final AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});

    CountingKms(KeyManagement kms) {
        this.kms = kms;
    }

    /// Happens once, after the next value was wrapped, rewrapped or unwrapped and before its caller has it.
    void stall(Runnable what) {
        meanwhile.set(what);
    }

    private byte[] stalled(byte[] answer) {
        meanwhile.getAndSet(() -> {}).run();
        return answer;
    }

    @Override
    public byte[] wrap(KeyName key, byte[] plaintext, byte[] context) {
        calls.incrementAndGet();
        return stalled(kms.wrap(key, plaintext, context));
    }

    @Override
    public byte[] unwrap(KeyName key, byte[] wrapped, byte[] context) {
        calls.incrementAndGet();
        return stalled(kms.unwrap(key, wrapped, context));
    }

    @Override
    public byte[] rewrap(KeyName key, byte[] wrapped, byte[] context) {
        calls.incrementAndGet();
        return stalled(kms.rewrap(key, wrapped, context));
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
