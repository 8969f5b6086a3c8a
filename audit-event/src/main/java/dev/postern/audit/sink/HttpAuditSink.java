package dev.postern.audit.sink;

import dev.postern.audit.envelope.EnvelopeParser;
import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.audit.envelope.MalformedEnvelope;
import dev.postern.audit.spool.Spool;
import dev.postern.audit.spool.SpoolProgress;
import dev.postern.audit.spool.SpoolReader;
import dev.postern.audit.spool.StoredEntry;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/// One thread that reads the spool, sends, and acknowledges to the spool what the audit-service acknowledged.
///
/// Guarantee: entries arrive in order and at least once; the identifiers in them let the receiver make that exactly
/// once. A refusal, a broken connection or an answer without the acknowledgement only ever means: again, later.
/// Non-guarantee: an entry the audit-service can never accept blocks those behind it, visibly ([SinkProgress#failures]
/// rises), because leaving one out silently is the one thing this must not do. While there is nothing to send, it says
/// so, with the number of the last event: silence is then a sign.
public final class HttpAuditSink implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(HttpAuditSink.class.getName());
    private static final int MAX_EVENTS = 512;
    private static final int MAX_BYTES = 512 * 1024;

    private final Spool spool;
    private final AuditEndpoint endpoint;
    private final Backoff backoff;
    private final Duration heartbeat;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("audit-sink").unstarted(this::run);

    private volatile SinkProgress progress = new SinkProgress(0, 0, Optional.empty());
    private volatile boolean closed;
    private int maxEvents = MAX_EVENTS;
    private volatile boolean failing;
    /// Signalled when something was acknowledged, or nobody takes anything.
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition moved = lock.newCondition();

    public HttpAuditSink(Spool spool, SinkSettings settings, HttpClient client, RandomGenerator random) {
        this.spool = spool;
        this.endpoint = new AuditEndpoint(settings, client);
        this.heartbeat = settings.heartbeat();
        this.backoff = new Backoff(settings.first(), settings.longest(), random);
    }

    public void start() {
        thread.start();
    }

    public SinkProgress progress() {
        return progress;
    }

    private void run() {
        try {
            while (!closed) {
                try {
                    follow();
                } catch (IOException | MalformedEnvelope | RuntimeException e) {
                    // A full disk, a closed file: nothing that another reader may not overcome.
                    LOG.log(System.Logger.Level.DEBUG, "the audit spool could not be read or acknowledged", e);
                    fail("the spool: " + e.getClass().getSimpleName());
                }
            }
        } catch (InterruptedException _) {
            // Only close() interrupts this thread.
        }
    }

    /// Reads from the acknowledged position on. What was sent but not acknowledged is sent again.
    private void follow() throws InterruptedException, IOException, MalformedEnvelope {
        try (SpoolReader reader = spool.reader()) {
            while (!closed) {
                if (spool.awaitAfter(reader.position(), heartbeat.toMillis(), TimeUnit.MILLISECONDS)) {
                    ship(reader.next(maxEvents, MAX_BYTES));
                } else if (!closed) {
                    // Nothing is held back: everything up to here was acknowledged.
                    endpoint.heartbeat(spool.id(), reader.position());
                }
            }
        }
    }

    private void ship(List<StoredEntry> entries) throws InterruptedException, IOException, MalformedEnvelope {
        List<Held> held = new ArrayList<>();
        for (StoredEntry entry : entries) {
            held.add(Held.of(entry));
        }
        while (!held.isEmpty() && !closed) {
            progress = new SinkProgress(
                    progress.shipped(),
                    progress.failures(),
                    Optional.of(held.getFirst().time()));
            List<Held> attempt = held.subList(0, Math.min(held.size(), maxEvents));
            switch (endpoint.send(attempt.stream().map(Held::entry).toList())) {
                case Delivery.Answered answered -> settle(attempt, answered.acknowledged());
                case Delivery.TooLarge _ when attempt.size() > 1 -> maxEvents = attempt.size() / 2;
                case Delivery.TooLarge _ -> fail("status 413");
                case Delivery.Failed failed -> fail(failed.reason());
            }
        }
        if (held.isEmpty()) {
            progress = new SinkProgress(progress.shipped(), progress.failures(), Optional.empty());
            maxEvents = MAX_EVENTS;
        }
    }

    /// Takes the acknowledged prefix off the list, which is a view of what is held.
    private void settle(List<Held> attempt, Set<String> acknowledged) throws InterruptedException, IOException {
        int count = 0;
        while (count < attempt.size()
                && acknowledged.contains(attempt.get(count).id())) {
            count++;
        }
        if (count == 0) {
            fail("no acknowledgement");
            return;
        }
        spool.acknowledge(attempt.get(count - 1).entry().sequence());
        attempt.subList(0, count).clear();
        progress = new SinkProgress(progress.shipped() + count, progress.failures(), progress.oldestHeld());
        backoff.reset();
        if (failing) {
            failing = false;
            LOG.log(System.Logger.Level.INFO, "audit events are shipped again");
        }
        tell();
    }

    private void fail(String reason) throws InterruptedException {
        progress = new SinkProgress(progress.shipped(), progress.failures() + 1, progress.oldestHeld());
        if (!failing) {
            failing = true;
            LOG.log(System.Logger.Level.WARNING, "audit events stay in the spool for now: {0}", reason);
        }
        tell();
        Thread.sleep(backoff.next());
    }

    private record Held(StoredEntry entry, String id, Instant time) {
        static Held of(StoredEntry entry) throws MalformedEnvelope {
            EventEnvelope envelope = EnvelopeParser.parse(entry.payload());
            return new Held(entry, envelope.id(), envelope.time());
        }
    }

    private void tell() {
        lock.lock();
        try {
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until what is on disk is shipped, or nobody takes it, but no longer than `longest`.
    public void finish(Duration longest) {
        long left = longest.toNanos();
        lock.lock();
        try {
            while (thread.isAlive() && !failing && left > 0 && isBehind()) {
                left = moved.awaitNanos(left);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private boolean isBehind() {
        SpoolProgress disk = spool.progress();
        return disk.acknowledged() < disk.durable();
    }

    /// Stops at once; what was not acknowledged stays in the spool.
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        endpoint.close();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
