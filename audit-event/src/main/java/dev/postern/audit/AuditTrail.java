package dev.postern.audit;

import dev.postern.audit.canonical.NotCanonical;
import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.audit.sink.HttpAuditSink;
import dev.postern.audit.sink.SinkProgress;
import dev.postern.audit.sink.SinkSettings;
import dev.postern.audit.spool.EntryNumber;
import dev.postern.audit.spool.MissingRange;
import dev.postern.audit.spool.Spool;
import dev.postern.audit.spool.SpoolProgress;
import dev.postern.audit.spool.SpoolSettings;
import dev.postern.audit.spool.SpoolUnavailable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// A service's audit trail: a durable spool on disk and the sink that ships it to the audit-service.
///
/// Guarantee: an event whose future completed normally reaches the log exactly once, in this producer's order, however
/// often either side restarts, as long as the spool's disk survives. Everything not recorded is told to the caller:
/// nothing is ever dropped. When the spool is full (audit-service away for long) or its disk fails, recording fails
/// with [AuditUnavailable] and the caller must refuse the work the event stands for; rejections keep being counted in
/// memory meanwhile.
///
/// Non-guarantee: rejections wait up to the coalescing window in memory and are lost with the process, as is everything
/// whose future has not completed.
///
/// Safe for use by many threads. Dependent stages of a returned future run on the spool's writer thread: give them an
/// executor unless they are trivial.
public final class AuditTrail implements AutoCloseable {

    /// Others are told of whoever falls silent without having said that it stops.
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private static final System.Logger LOG = System.getLogger(AuditTrail.class.getName());

    private final String source;
    private final Clock clock;
    private final Spool spool;
    private final HttpAuditSink sink;
    private volatile CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
    private final ScheduledExecutorService scheduler;
    private final RejectionCoalescer coalescer;
    private final long durableAtStart;

    private AuditTrail(AuditSettings settings, Clock clock, Spool spool, HttpAuditSink sink) {
        this.source = settings.source().toString();
        this.clock = clock;
        this.spool = spool;
        this.sink = sink;
        this.scheduler = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("audit-coalescer").factory());
        this.coalescer = new RejectionCoalescer(settings.coalescingWindow(), clock, this::later, this::append);
        this.durableAtStart = spool.progress().durable();
    }

    /// Opens the spool, recovers it and starts to ship.
    ///
    /// @param client with this service's identity; live, so that a renewed certificate is used without a restart.
    ///     Closed
    ///     with the trail
    /// @throws UncheckedIOException when the spool cannot be used; the service must not start
    public static AuditTrail open(AuditSettings settings, HttpClient client, Clock clock) {
        return open(settings, client, clock, new SecureRandom());
    }

    /// As [#open(AuditSettings, HttpClient, Clock)].
    ///
    /// @param random  names spools and spreads retries; it need not be secret
    public static AuditTrail open(AuditSettings settings, HttpClient client, Clock clock, RandomGenerator random) {
        try {
            Spool spool = Spool.open(
                    new SpoolSettings(settings.spoolDirectory(), settings.segmentBytes(), settings.maxSpoolBytes()),
                    random);
            AuditSettings.Retry retry = settings.retry();
            HttpAuditSink sink = new HttpAuditSink(
                    spool,
                    new SinkSettings(
                            settings.source(),
                            settings.endpoint(),
                            retry.first(),
                            retry.longest(),
                            retry.timeout(),
                            retry.heartbeat()),
                    client,
                    random);
            AuditTrail trail = new AuditTrail(settings, clock, spool, sink);
            spool.missing().forEach(trail::report);
            sink.start();
            return trail;
        } catch (IOException e) {
            throw new UncheckedIOException("audit spool " + settings.spoolDirectory() + " cannot be used", e);
        }
    }

    private void report(MissingRange range) {
        LOG.log(
                System.Logger.Level.ERROR,
                "audit spool damaged: events {0} to {1} are unreadable, see quarantine of {2}",
                Long.toString(range.first()),
                Long.toString(range.last()),
                range.segment());
        var _ = record(new SpoolDamaged(range.segment(), range.first(), range.last()));
    }

    /// Completes when the event is on disk, where it may wait half a millisecond for others. Costs the caller an
    /// allocation and a queue insertion.
    ///
    /// @return fails with [AuditUnavailable]
    public CompletableFuture<Void> record(AuditEvent event) {
        return event instanceof Rejection rejection ? coalescer.add(rejection) : append(event, clock.instant());
    }

    /// Returns when the event is on disk; for events after which something takes effect.
    ///
    /// @throws AuditUnavailable the event may not be on disk, so the action must not happen
    public void recordDurably(AuditEvent event) throws AuditUnavailable {
        try {
            Instant time = clock.instant();
            told(spool.append(number -> bytes(event, time, number))).get();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new AuditUnavailable(AuditUnavailable.Reason.INTERRUPTED);
        } catch (ExecutionException | CancellationException e) {
            if (e.getCause() instanceof AuditUnavailable unavailable) {
                throw new AuditUnavailable(unavailable.reason());
            }
            throw new AuditUnavailable(AuditUnavailable.Reason.FAILED);
        }
    }

    private CompletableFuture<Void> append(AuditEvent event, Instant time) {
        return told(spool.appendSoon(number -> bytes(event, time, number)));
    }

    private CompletableFuture<Void> told(CompletableFuture<Void> written) {
        CompletableFuture<Void> recorded = new CompletableFuture<>();
        last = recorded;
        var _ = written.whenComplete((_, failure) -> {
            switch (failure) {
                case null -> recorded.complete(null);
                case SpoolUnavailable unavailable -> recorded.completeExceptionally(reason(unavailable));
                default -> recorded.completeExceptionally(failure);
            }
        });
        return recorded;
    }

    private static AuditUnavailable reason(SpoolUnavailable unavailable) {
        return new AuditUnavailable(
                switch (unavailable.reason()) {
                    case FULL -> AuditUnavailable.Reason.FULL;
                    case FAILED -> AuditUnavailable.Reason.FAILED;
                    case CLOSED -> AuditUnavailable.Reason.CLOSED;
                });
    }

    private byte[] bytes(AuditEvent event, Instant time, EntryNumber number) {
        try {
            return new EventEnvelope(
                            source,
                            number.spool(),
                            number.id(),
                            number.sequence(),
                            event.type(),
                            time,
                            EventFields.of(event))
                    .bytes();
        } catch (NotCanonical e) {
            throw new IllegalArgumentException("an audit event with a number beyond 2^53", e);
        }
    }

    private void later(Runnable task, Duration after) {
        try {
            var _ = scheduler.schedule(task, after.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException _) {
            // Only while closing, and close() lets everything out itself.
        }
    }

    public AuditTrailState state() {
        SpoolProgress disk = spool.progress();
        SinkProgress wire = sink.progress();
        return new AuditTrailState(
                disk.durable() - durableAtStart,
                wire.shipped(),
                disk.durable() - disk.acknowledged(),
                disk.bytes(),
                wire.oldestHeld(),
                wire.failures(),
                disk.writable());
    }

    /// Puts everything recorded so far on disk and stops; what cannot be shipped within two seconds is shipped after
    /// the next start.
    @Override
    public void close() {
        coalescer.close();
        scheduler.shutdownNow();
        // Forced to the disk with whatever came before it.
        last.copy()
                .completeOnTimeout(null, LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)
                .handle((_, _) -> null)
                .join();
        sink.finish(LAST_WORDS);
        sink.close();
        try {
            spool.close();
        } catch (IOException e) {
            throw new UncheckedIOException("audit spool could not be closed", e);
        }
    }
}
