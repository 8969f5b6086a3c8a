package dev.postern.trust;

import dev.postern.redis.RedisLink;
import dev.postern.token.IdentityTrust;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows the trust feed in a service that verifies tokens.
///
/// Guarantee: nothing is `TRUSTED` unless the feed was heard of within [FollowerSettings#silence]; before that it asks
/// the publisher itself over HTTPS, so that neither a Redis that is away nor one that keeps messages back stops
/// revocation. It fails closed: `UNKNOWN`.
///
/// Thread-safe. [#standingOf] and [#current] never block. It runs four threads of its own.
public final class TrustFollower extends BoardFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrustFollower.class);
    private static final Duration WATCH = Duration.ofMillis(25);
    private static final Duration REREAD = Duration.ofMillis(200);
    /// Also when all is well: what Redis keeps back shows, and the way is known to be open.
    private static final Duration CROSS_CHECK = Duration.ofSeconds(2);
    private static final Duration EXPIRE = Duration.ofSeconds(1);

    private final FollowerSettings settings;
    private final SnapshotSource snapshots;
    private final LongSupplier nanoTime;
    private final FeedReader decisions;
    private final FeedReader keys;
    private final StreamReader decisionStream;
    private final StreamReader keyStream;
    private final Object rereading = new Object();
    private final Thread watch;
    private final Thread reread;
    private long rereadAt;
    private volatile boolean closed;
    private volatile boolean checkNow;

    TrustFollower(
            FollowerSettings settings,
            RedisLink redis,
            SnapshotSource snapshots,
            IdentityTrust trust,
            Clock clock,
            LongSupplier nanoTime) {
        super(clock);
        this.settings = settings;
        this.snapshots = snapshots;
        this.nanoTime = nanoTime;
        this.decisions = new FeedReader(
                settings.decisions(),
                change -> !(change instanceof KeyStates),
                trust,
                board(),
                settings.skew(),
                clock,
                nanoTime);
        this.keys = new FeedReader(
                settings.keys(),
                change -> change instanceof KeyStates,
                trust,
                board(),
                settings.skew(),
                clock,
                nanoTime);
        this.decisionStream = new StreamReader(redis, settings.decisions(), decisions, this::rereadOnce);
        this.keyStream = new StreamReader(redis, settings.keys(), keys, () -> {});
        this.rereadAt = nanoTime.getAsLong() - REREAD.toNanos();
        this.watch = Thread.ofPlatform().daemon().name("trust-watch").unstarted(this::watchUntilClosed);
        this.reread = Thread.ofPlatform().daemon().name("trust-reread").unstarted(this::rereadUntilClosed);
    }

    /// Starts following and returns at once: nothing is current yet.
    ///
    /// @param snapshots the publisher itself
    /// @param trust in the platform's certificates, at each moment
    public static TrustFollower follow(
            FollowerSettings settings, RedisLink redis, SnapshotSource snapshots, IdentityTrust trust, Clock clock) {
        TrustFollower follower = new TrustFollower(settings, redis, snapshots, trust, clock, System::nanoTime);
        follower.start();
        return follower;
    }

    void start() {
        decisionStream.start();
        keyStream.start();
        watch.start();
        reread.start();
    }

    @Override
    public boolean current() {
        return decisions.heardWithin(settings.silence());
    }

    /// Reads the snapshot from the publisher itself soon, whatever the stream says.
    public void crossCheck() {
        checkNow = true;
    }

    /// For metrics and health.
    public FollowerState state() {
        return decisions.state(current(), board().revocations());
    }

    private void watchUntilClosed() {
        long expireAt = nanoTime.getAsLong();
        try {
            while (!closed) {
                board().current(current());
                if (nanoTime.getAsLong() - expireAt >= 0) {
                    expireAt = nanoTime.getAsLong() + EXPIRE.toNanos();
                    board().expire();
                }
                TimeUnit.NANOSECONDS.sleep(WATCH.toNanos());
            }
        } catch (InterruptedException _) {
            // close() asked for the end.
        }
    }

    private void rereadUntilClosed() {
        long checkAt = nanoTime.getAsLong() + CROSS_CHECK.toNanos();
        try {
            while (!closed) {
                boolean due = nanoTime.getAsLong() - checkAt >= 0 || checkNow;
                if (due || !decisions.streamHeardWithin(settings.patience())) {
                    checkNow = false;
                    rereadOnce();
                    checkAt = nanoTime.getAsLong() + CROSS_CHECK.toNanos();
                }
                TimeUnit.NANOSECONDS.sleep(WATCH.toNanos());
            }
        } catch (InterruptedException _) {
            // close() asked for the end.
        }
    }

    /// At most every 200 ms, whoever asks.
    private void rereadOnce() throws InterruptedException {
        synchronized (rereading) {
            if (nanoTime.getAsLong() - rereadAt < REREAD.toNanos()) {
                return;
            }
            rereadAt = nanoTime.getAsLong();
            try {
                decisions.freshSnapshot(snapshots.fetch());
            } catch (FeedRefused refused) {
                if (refused.reason() == FeedRefused.Reason.UNREACHABLE) {
                    decisions.count(refused.reason());
                }
            } catch (RuntimeException e) {
                LOG.error("the snapshot of the trust feed cannot be read by a bug", e);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        decisionStream.close();
        keyStream.close();
        watch.interrupt();
        reread.interrupt();
    }
}
