package dev.postern.trust;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Reads a source on a thread of its own, so that a source that hangs holds up nobody who has to keep a pace.
///
/// Guarantee: a reading begins after it was asked for, so it holds whatever was in the source then. Non-guarantee: an
/// end; a reading takes as long as the source does, and fails as it does. Those who ask have one reading of a kind
/// outstanding at a time, which bounds the queue.
final class SourceReader implements AutoCloseable {

    /// @param version as it was before `inForce` was read: at worst older than that
    record Reading(String version, List<TrustChange> inForce) {}

    private final TrustSource source;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("trust-source").factory());

    SourceReader(TrustSource source) {
        this.source = source;
    }

    /// Everything, unless the source is at that version still.
    CompletableFuture<Optional<Reading>> readUnlessAt(String version) {
        return CompletableFuture.supplyAsync(
                () -> {
                    String now = source.version();
                    return now.equals(version) ? Optional.empty() : Optional.of(new Reading(now, source.inForce()));
                },
                thread);
    }

    /// Everything.
    CompletableFuture<List<TrustChange>> read() {
        return CompletableFuture.supplyAsync(source::inForce, thread);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
