package dev.postern.kms.envelope;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// A real shelf whose disk can be away, that counts how often it is read, and whose caller can stall once it has an
/// answer.
final class FaultyShelf implements KeyShelf {
    final AtomicBoolean away = new AtomicBoolean();
    final AtomicInteger reads = new AtomicInteger();
    /// So many times somebody else adds the key first, and takes its own back.
    final AtomicInteger outrun = new AtomicInteger();
    private final AtomicReference<Runnable> read = new AtomicReference<>(() -> {});
    private final AtomicReference<Runnable> added = new AtomicReference<>(() -> {});
    private final KeyShelf shelf;

    FaultyShelf(KeyShelf shelf) {
        this.shelf = shelf;
    }

    /// Happens once, after the next read and before its caller has the answer.
    void stallReading(Runnable what) {
        read.set(what);
    }

    /// Happens once, after the next key was added and before its caller knows.
    void stallAdding(Runnable what) {
        added.set(what);
    }

    private void reach() {
        if (away.get()) {
            throw new IllegalStateException("the disk is away");
        }
    }

    @Override
    public List<WrappedKey> read() {
        reads.incrementAndGet();
        reach();
        List<WrappedKey> keys = shelf.read();
        read.getAndSet(() -> {}).run();
        return keys;
    }

    @Override
    public boolean add(WrappedKey key) {
        reach();
        if (outrun.getAndUpdate(times -> Math.max(0, times - 1)) > 0) {
            return false;
        }
        boolean first = shelf.add(key);
        added.getAndSet(() -> {}).run();
        return first;
    }

    @Override
    public boolean replace(WrappedKey seen, byte[] wrapped) {
        reach();
        return shelf.replace(seen, wrapped);
    }

    @Override
    public void withdraw(WrappedKey added) {
        reach();
        shelf.withdraw(added);
    }

    @Override
    public void destroy(KeyUse use, int generation) {
        reach();
        shelf.destroy(use, generation);
    }
}
