package dev.postern.cli.bench.ingest;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditSettings;
import dev.postern.audit.AuditTrail;
import dev.postern.audit.RequestServed;
import dev.postern.cli.bench.Latencies;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// What an event costs the thread that has something to record, while its trail puts it on the disk and ships it.
///
/// @param meanMicros  of one `AuditTrail.record`
/// @param failed      events that did not come to the disk
record RecordCost(int events, double meanMicros, double p50Micros, double p99Micros, int failed) {
    private static final int PER_SECOND = 1_000;

    /// @param spool    a directory of its own
    /// @param client   closed in the end
    static RecordCost measure(
            URI source, Path spool, URI endpoint, HttpClient client, Clock clock, Duration warmup, Duration each)
            throws InterruptedException {
        try (AuditTrail trail = AuditTrail.open(AuditSettings.of(source, spool, endpoint), client, clock)) {
            var _ = run(trail, warmup);
            return run(trail, each);
        }
    }

    private static RecordCost run(AuditTrail trail, Duration duration) throws InterruptedException {
        Latencies nanos = new Latencies();
        List<CompletableFuture<Void>> recorded = new ArrayList<>();
        long gap = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;
        long began = System.nanoTime();
        double sum = 0;
        for (long due = began; due - began < duration.toNanos(); due += gap) {
            long early = due - System.nanoTime();
            if (early > 0) {
                TimeUnit.NANOSECONDS.sleep(early);
            }
            long before = System.nanoTime();
            recorded.add(trail.record(event(recorded.size())));
            long took = System.nanoTime() - before;
            nanos.add(took);
            sum += took;
        }
        int failed = 0;
        for (CompletableFuture<Void> one : recorded) {
            failed += one.handle((_, failure) -> failure == null ? 0 : 1).join();
        }
        return new RecordCost(
                nanos.count(),
                sum / Math.max(1, nanos.count()) / 1000,
                nanos.percentile(0.50) / 1000.0,
                nanos.percentile(0.99) / 1000.0,
                failed);
    }

    /// As the relay makes one for each request.
    private static AuditEvent event(int number) {
        return new RequestServed(
                "request-" + number,
                Optional.of("session"),
                "/v1/chat/completions",
                "simulator-small",
                Optional.of("simulator"),
                "bench",
                "bench",
                "token",
                "key",
                "ok",
                100,
                200,
                Map.of("EMAIL", 1, "PERSON", 2),
                15);
    }
}
