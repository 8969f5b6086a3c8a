package dev.postern.kms.envelope;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// A real shelf whose disk can be away, and that counts how often it is read.
final class FaultyShelf implements KeyShelf {
    final AtomicBoolean away = new AtomicBoolean();
    final AtomicInteger reads = new AtomicInteger();
    private final KeyShelf shelf;

    FaultyShelf(KeyShelf shelf) {
        this.shelf = shelf;
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
        return shelf.read();
    }

    @Override
    public boolean add(WrappedKey key) {
        reach();
        return shelf.add(key);
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
