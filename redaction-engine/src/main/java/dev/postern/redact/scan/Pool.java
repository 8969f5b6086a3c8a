package dev.postern.redact.scan;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// Things that are costly to make and that one thread uses at a time. A few are kept; nobody waits for one. Safe for
/// any number of threads.
final class Pool<T> {
    private static final int MOST_KEPT = 16;

    private final Supplier<T> maker;
    private final ConcurrentLinkedQueue<T> kept = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();

    Pool(Supplier<T> maker) {
        this.maker = maker;
    }

    T take() {
        T known = kept.poll();
        if (known == null) {
            return maker.get();
        }
        count.decrementAndGet();
        return known;
    }

    void give(T used) {
        if (count.incrementAndGet() <= MOST_KEPT) {
            kept.add(used);
        } else {
            count.decrementAndGet();
        }
    }
}
