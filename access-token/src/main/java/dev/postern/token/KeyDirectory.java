package dev.postern.token;

import dev.postern.token.DirectoryRefused.Reason;
import java.net.http.HttpClient;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Follows the signed key directory: polls it, and each poll tells the key-rotation-service which version this
/// process has applied.
///
/// Guarantee: a key is found only while the newest directory ever seen here lists it, and only if the directory was
/// confirmed within `maxStaleness`; after that nothing is found (it fails closed). Versions never go back.
/// Non-guarantee: a key that was listed a moment ago may be found until the next poll.
///
/// Thread-safe. One thread polls; [#find] and the other readers never block and never fetch: an unknown key id only
/// makes the next poll come sooner, at most once per second. Listeners run on the polling thread, before the version
/// is acknowledged.
public final class KeyDirectory implements VerificationKeys, AutoCloseable {

    private static final Duration EXTRA_FETCH_INTERVAL = Duration.ofSeconds(1);

    /// What is known, replaced as one.
    private record Known(DirectorySnapshot snapshot, Instant confirmedAt) {}

    private final DirectorySource source;
    private final DirectoryReader reader;
    private final DirectorySettings settings;
    private final Clock clock;
    private final List<Consumer<DirectorySnapshot>> listeners = new CopyOnWriteArrayList<>();
    private final Semaphore sooner = new Semaphore(0);
    private final AtomicLong lastExtraFetch = new AtomicLong(Long.MIN_VALUE);
    private final AtomicLong polls = new AtomicLong();
    private final AtomicLong refusals = new AtomicLong();
    private final FormerKeys former = new FormerKeys();
    private volatile BiConsumer<DirectoryKey, Instant> uses = (_, _) -> {};
    private volatile @Nullable Known known;
    private volatile @Nullable Reason lastRefusal;
    private volatile @Nullable Thread poller;

    KeyDirectory(DirectorySettings settings, DirectorySource source, DirectoryReader reader, Clock clock) {
        this.settings = settings;
        this.source = source;
        this.reader = reader;
        this.clock = clock;
    }

    /// Starts following; returns at once, with nothing known yet.
    ///
    /// @param http presents this service's identity, with new connections when that is renewed; closed with this
    /// @param anchors the platform's trust anchors at each moment
    public static KeyDirectory follow(
            DirectorySettings settings,
            HttpClient http,
            Supplier<? extends Collection<X509Certificate>> anchors,
            Clock clock) {
        KeyDirectory directory = new KeyDirectory(
                settings,
                new HttpDirectorySource(settings, http),
                new DirectoryReader(settings, anchors, clock),
                clock);
        directory.poller = Thread.ofPlatform().daemon().name("key-directory").start(directory::pollUntilClosed);
        return directory;
    }

    @Override
    public Optional<ECPublicKey> find(String kid) {
        Optional<ECPublicKey> key = snapshot()
                .flatMap(snapshot -> Optional.ofNullable(snapshot.keys().get(kid)))
                .map(DirectoryKey::publicKey);
        if (key.isEmpty()) {
            fetchSooner();
        }
        return key;
    }

    @Override
    public Optional<ECPublicKey> former(String kid) {
        return former.find(kid).map(DirectoryKey::publicKey);
    }

    @Override
    public void signed(String kid, Instant issuedAt) {
        snapshot()
                .flatMap(snapshot -> Optional.ofNullable(snapshot.keys().get(kid)))
                .or(() -> former.find(kid))
                .ifPresent(key -> uses.accept(key, issuedAt));
    }

    /// Calls `listener` with each key, as it was listed last, that is seen to have signed a token, and when the token
    /// says that was. One listener, on the threads of those who verify: it must not wait.
    public void onUse(BiConsumer<DirectoryKey, Instant> listener) {
        uses = listener;
    }

    /// The directory in force; empty before the first good poll and when the last one is too long ago.
    public Optional<DirectorySnapshot> snapshot() {
        Known current = known;
        return current == null || isStale(current) ? Optional.empty() : Optional.of(current.snapshot());
    }

    /// Called with every new version, and at once with the one in force.
    public void onChange(Consumer<DirectorySnapshot> listener) {
        listeners.add(listener);
        snapshot().ifPresent(listener);
    }

    /// For metrics and health.
    public KeyDirectoryState state() {
        Known current = known;
        return new KeyDirectoryState(
                current == null ? 0 : current.snapshot().version(),
                Optional.ofNullable(current).map(Known::confirmedAt),
                snapshot().isPresent(),
                polls.get(),
                refusals.get(),
                Optional.ofNullable(lastRefusal));
    }

    /// The name under which this process acknowledges versions; a signing service registers its keys under it.
    public String instance() {
        return settings.instance();
    }

    /// Makes the next poll come at once.
    public void refresh() {
        sooner.release();
    }

    /// How often a sooner poll was asked for since the last one.
    int askedSooner() {
        return sooner.availablePermits();
    }

    /// One poll, on the calling thread. Only the polling thread and tests call this.
    void poll() throws InterruptedException {
        polls.incrementAndGet();
        Known before = known;
        try {
            DirectorySnapshot next = reader.read(
                    source.fetch(before == null ? 0 : before.snapshot().version()));
            requireForward(before, next);
            if (before != null) {
                former.keep(before.snapshot(), next);
            }
            known = new Known(next, clock.instant());
            lastRefusal = null;
            if (before == null || before.snapshot().version() != next.version()) {
                listeners.forEach(listener -> tell(listener, next));
            }
        } catch (DirectoryRefused refused) {
            refuse(refused.reason());
        } catch (RuntimeException e) {
            // An answer that breaks its reader is refused as any other: the following must not end with it.
            refuse(Reason.MALFORMED);
            report(e);
        }
    }

    private void refuse(Reason reason) {
        refusals.incrementAndGet();
        lastRefusal = reason;
    }

    /// A listener that fails must not end the following: its thread's handler hears of it.
    private static void tell(Consumer<DirectorySnapshot> listener, DirectorySnapshot next) {
        try {
            listener.accept(next);
        } catch (RuntimeException e) {
            report(e);
        }
    }

    private static void report(RuntimeException e) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }

    private static void requireForward(@Nullable Known before, DirectorySnapshot next) throws DirectoryRefused {
        if (before == null) {
            return;
        }
        if (next.version() < before.snapshot().version()) {
            throw new DirectoryRefused(Reason.ROLLED_BACK);
        }
        if (next.version() == before.snapshot().version()
                && !(next.keys().equals(before.snapshot().keys())
                        && Set.copyOf(next.entries())
                                .equals(Set.copyOf(before.snapshot().entries())))) {
            throw new DirectoryRefused(Reason.CONTRADICTORY);
        }
    }

    private boolean isStale(Known current) {
        return clock.instant().isAfter(current.confirmedAt().plus(settings.maxStaleness()));
    }

    private void fetchSooner() {
        long now = clock.millis();
        long last = lastExtraFetch.get();
        if (now - EXTRA_FETCH_INTERVAL.toMillis() >= last && lastExtraFetch.compareAndSet(last, now)) {
            sooner.release();
        }
    }

    private void pollUntilClosed() {
        try {
            while (true) {
                poll();
                if (sooner.tryAcquire(settings.interval().toMillis(), TimeUnit.MILLISECONDS)) {
                    sooner.drainPermits();
                }
            }
        } catch (InterruptedException _) {
            leave();
        }
    }

    /// So that nobody waits for a process that ended in good order.
    private void leave() {
        Known current = known;
        try {
            source.leave(current == null ? 0 : current.snapshot().version());
        } catch (InterruptedException _) {
            // Whoever closes waits no longer: then we are missed, as one who was killed.
        }
    }

    /// Ends polling, and tells the key-rotation-service so: in [HttpDirectorySource#LEAVING] at most. What is known
    /// stays readable until it is stale.
    @Override
    public void close() {
        Thread running = poller;
        if (running != null) {
            running.interrupt();
            try {
                var _ = running.join(HttpDirectorySource.LEAVING);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            running.interrupt();
        }
        if (source instanceof HttpDirectorySource http) {
            http.close();
        }
    }
}
