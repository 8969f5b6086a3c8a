package dev.postern.auditing.copy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Does one thing with many, several at a time.
final class Batches implements AutoCloseable {
    private static final int AT_ONCE = 8;
    private static final int BATCH = 64;

    private final ExecutorService threads = Executors.newFixedThreadPool(
            AT_ONCE, Thread.ofVirtual().name("audit-copy-", 0).factory());

    /// What is done with each.
    @FunctionalInterface
    interface Work<T> {
        void on(T one) throws IOException;
    }

    /// Returns when it is done with all.
    ///
    /// @throws IOException the first failure; others may be done or not
    <T> void each(List<T> all, Work<T> work) throws IOException {
        for (int first = 0; first < all.size(); first += BATCH) {
            List<Future<?>> running = new ArrayList<>();
            for (T one : all.subList(first, Math.min(first + BATCH, all.size()))) {
                running.add(threads.submit(() -> {
                    work.on(one);
                    return one;
                }));
            }
            await(running);
        }
    }

    private static void await(List<Future<?>> running) throws IOException {
        try {
            for (Future<?> one : running) {
                var _ = one.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException failure -> throw failure;
                case RuntimeException failure -> throw failure;
                case null, default -> throw new IOException("a copy failed", e);
            }
        } finally {
            running.forEach(one -> one.cancel(true));
        }
    }

    @Override
    public void close() {
        var _ = threads.shutdownNow();
    }
}
