package dev.postern.identity;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// The identity of this process: a certificate that is renewed at half life without a restart.
///
/// Hand [#sslContext] or [#httpClient] (or [#keyManager] and [#trustManager]) once to every server and client; they
/// follow each renewal: what begins after it shows the new certificate, and no session of before is resumed. Open
/// connections are added to [#connections], which ends them before their certificates do.
///
/// Renewal runs on one daemon thread; a failure keeps the current certificate, counts in [#renewalFailures], and is
/// tried again with back-off. After [#notAfter] no handshake succeeds any more until a renewal does.
///
/// A spare, with a key of its own, is always prepared and never shown: when the current certificate is denied
/// ([#deny]), the spare takes its place without asking anybody.
///
/// Safe for any thread. Two threads work here, under two locks. `postern-identity` asks the authority, which may take
/// long, under the lock of [#alone]: one request at a time. `postern-identity-watch` never waits: it ends connections
/// and does what a denial demands, whatever the authority does. `exchange` guards what is shown (certificate, anchors,
/// contexts, spare) and the listeners; it is held for milliseconds, by either thread, and taken after the other lock or
/// without it, never before.
///
/// Listeners run one at a time, after the swap, and must not wait.
public final class WorkloadIdentity implements AutoCloseable {
    private static final Logger LOG = System.getLogger(WorkloadIdentity.class.getName());
    /// The clock is looked at this often even when nothing is due: a machine that slept wakes up late, not never.
    private static final Duration LONGEST_NAP = Duration.ofSeconds(2);
    private static final Duration WATCH = Duration.ofMillis(250);

    /// Nothing is tried before `until`; at once where the clock has jumped back to before the wait began.
    private record Wait(Instant since, Instant until) {
        boolean isOver(Instant now) {
            return now.isBefore(since) || !now.isBefore(until);
        }
    }

    private final Enrolment enrolment;
    private final Clock clock;
    private final RandomGenerator random;
    private final ScheduledExecutorService scheduler;
    /// Of one thread that never waits for the authority.
    private final ScheduledExecutorService watch = daemon("postern-identity-watch");
    /// Guards the exchange of what is shown. Taken after the monitor of [#alone], held for milliseconds.
    private final Object exchange = new Object();

    private final DeniedCertificates denied = new DeniedCertificates();
    private final PeerSightings sightings;
    private final CertifiedConnections connections;
    private final LiveKeys keys;
    private final LiveTrust trust;
    private final LiveContexts contexts;
    private final Tls13 sslContext;
    private final List<Consumer<IdentityDocument>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong renewals = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicInteger failuresInARow = new AtomicInteger();
    private volatile IdentityUnavailable.@Nullable Reason lastFailure;
    private volatile Wait renewal;
    private volatile @Nullable IdentityDocument spare;
    private volatile Wait preparation;
    private int spareFailuresInARow;

    WorkloadIdentity(
            Enrolment enrolment,
            IdentityDocument first,
            Clock clock,
            SecureRandom random,
            ScheduledExecutorService scheduler) {
        this.enrolment = enrolment;
        this.clock = clock;
        this.random = random;
        this.scheduler = scheduler;
        this.sightings = new PeerSightings(clock);
        this.connections = new CertifiedConnections(denied, clock);
        this.keys = new LiveKeys(first, denied, clock);
        this.trust = new LiveTrust(first.anchors(), denied, sightings);
        this.contexts = new LiveContexts(keys, random);
        this.sslContext = contexts.context(trust, first);
        this.renewal = renewalOf(first);
        this.preparation = waiting(Duration.ZERO);
    }

    private Wait waiting(Duration pause) {
        Instant now = clock.instant();
        return new Wait(now, now.plus(pause));
    }

    /// By the certificate's own time, however the clock jumps.
    private Wait renewalOf(IdentityDocument document) {
        return new Wait(Instant.MIN, RenewalPace.renewal(document, random));
    }

    /// Joins with the credential in `settings`: waits, within the settings' timeout, for the CA certificate, the
    /// credential's file and the authority.
    ///
    /// @throws IdentityUnavailable when refused, or still unavailable at the end of the wait
    public static WorkloadIdentity join(JoinSettings settings, Clock clock) {
        return join(settings, clock, new SecureRandom());
    }

    public static WorkloadIdentity join(JoinSettings settings, Clock clock, SecureRandom random) {
        JoiningIssuer issuer = new JoiningIssuer(settings, clock, random);
        Enrolment enrolment = new Enrolment(issuer, settings.spiffeId(), settings.dnsNames(), clock, random);
        IdentityDocument first = Patience.within(settings.timeout()).get(enrolment::enrol);
        WorkloadIdentity identity = new WorkloadIdentity(enrolment, first, clock, random, daemon("postern-identity"));
        issuer.renewWith(identity);
        identity.start();
        return identity;
    }

    /// An identity from an issuer in this process: the authority's own, and those of tests.
    ///
    /// @throws IdentityUnavailable as the issuer does
    public static WorkloadIdentity issuedBy(IdentityIssuer issuer, URI spiffeId, List<String> dnsNames, Clock clock) {
        return issuedBy(issuer, spiffeId, dnsNames, clock, new SecureRandom());
    }

    public static WorkloadIdentity issuedBy(
            IdentityIssuer issuer, URI spiffeId, List<String> dnsNames, Clock clock, SecureRandom random) {
        return issuedBy(issuer, spiffeId, dnsNames, clock, random, Duration.ZERO);
    }

    /// As the others, and waits up to `timeout` for an issuer that is not there yet.
    public static WorkloadIdentity issuedBy(
            IdentityIssuer issuer,
            URI spiffeId,
            List<String> dnsNames,
            Clock clock,
            SecureRandom random,
            Duration timeout) {
        Enrolment enrolment = new Enrolment(issuer, spiffeId, dnsNames, clock, random);
        IdentityDocument first = Patience.within(timeout).get(enrolment::enrol);
        WorkloadIdentity identity = new WorkloadIdentity(enrolment, first, clock, random, daemon("postern-identity"));
        identity.start();
        return identity;
    }

    private static ScheduledExecutorService daemon(String name) {
        ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name(name).factory());
        scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return scheduler;
    }

    public IdentityDocument current() {
        return keys.current();
    }

    public X509ExtendedKeyManager keyManager() {
        return keys;
    }

    public X509ExtendedTrustManager trustManager() {
        return trust;
    }

    /// Live as [#trustManager()], and trusts one server only.
    public X509ExtendedTrustManager trustManager(URI server) {
        return new PinnedTrust(trust, server);
    }

    /// As [#sslContext()], for connections to one server only: any other identity fails the handshake.
    public SSLContext sslContext(URI server) {
        return sslContext(trustManager(server));
    }

    /// As [#sslContext()], for a server that takes certificates which the platform did not issue: what is believed of
    /// them is `peers`' to say.
    public SSLContext sslContext(X509ExtendedTrustManager peers) {
        return contexts.context(peers, current());
    }

    /// TLS 1.3 only; sessions and tickets end with the certificate they began under, and live at most five minutes.
    public SSLContext sslContext() {
        return sslContext;
    }

    /// A client for one server only, HTTP/1.1 and without redirects, whose connections begin anew at each renewal.
    public HttpClient httpClient(URI server, Duration connectTimeout) {
        return contexts.client(contexts.context(trustManager(server), current()), connectTimeout);
    }

    /// Where servers and clients add their open connections.
    public CertifiedConnections connections() {
        return connections;
    }

    /// Whether a peer's certificate is denied: for stacks that resume sessions, or check chains, by themselves.
    public boolean denies(X509Certificate leaf) {
        return denied.contains(leaf);
    }

    /// Tells of a verified certificate of a peer that did not come through [#trustManager].
    public void saw(X509Certificate leaf) {
        sightings.add(leaf);
    }

    /// The latest certificate each peer has shown.
    public Map<URI, PeerSighting> peers() {
        return sightings.all();
    }

    /// From now on certificates of these serials are refused, and their connections ended; for good. Nothing is resumed
    /// and no pooled connection used that began before. If our own is among them, the spare takes its place.
    ///
    /// Returns at once; the rest takes milliseconds, whatever the authority does.
    public void deny(Collection<BigInteger> serials) {
        if (!denied.add(serials)) {
            return;
        }
        try {
            watch.execute(() -> {
                connections.sweep();
                synchronized (exchange) {
                    contexts.denied(current());
                    replaceDenied();
                }
            });
            // For another spare, or for all of it when there was none.
            scheduler.execute(this::tick);
        } catch (RejectedExecutionException _) {
            // Closed meanwhile; new handshakes are refused all the same.
        }
    }

    /// From now on nothing is resumed that began before: no TLS session and no ticket, by whichever server. Open
    /// connections stay. For servers that make contexts of their own see [#onForgetSessions].
    public void forgetSessions() {
        synchronized (exchange) {
            contexts.forget(current());
        }
    }

    /// Called whenever the contexts of [#forgetSessions] were made anew without a renewal, at a denial too. A listener
    /// that throws is logged and harms no other.
    public void onForgetSessions(Runnable listener) {
        contexts.onForget(listener);
    }

    /// How many certificates are denied.
    public int deniedCertificates() {
        return denied.size();
    }

    /// Renews at once: a new key, a new certificate. Completes with it once it is shown; exceptionally with
    /// [IdentityUnavailable], and then the current one stays.
    public CompletableFuture<IdentityDocument> renewNow() {
        CompletableFuture<IdentityDocument> done = new CompletableFuture<>();
        try {
            scheduler.execute(() -> alone(() -> {
                try {
                    renew();
                    done.complete(current());
                } catch (RuntimeException failure) {
                    done.completeExceptionally(failure);
                }
            }));
        } catch (RejectedExecutionException closed) {
            done.completeExceptionally(closed);
        }
        return done;
    }

    public Instant notAfter() {
        return current().notAfter();
    }

    /// Called after every renewal with the new generation. A listener that throws is logged and harms no other.
    public void onChange(Consumer<IdentityDocument> listener) {
        listeners.add(listener);
    }

    /// Successful renewals since the start.
    public long renewals() {
        return renewals.get();
    }

    /// Failed tries since the start.
    public long renewalFailures() {
        return failures.get();
    }

    /// Why the last try failed; nothing once a renewal has worked.
    public Optional<IdentityUnavailable.Reason> lastFailure() {
        return Optional.ofNullable(lastFailure);
    }

    /// Stops renewing. The current certificate stays usable until it expires.
    @Override
    public void close() {
        scheduler.shutdownNow();
        watch.shutdownNow();
    }

    /// Whether the current certificate proves anything to anybody.
    boolean usable() {
        return !current().expiredAt(clock.instant())
                && !denied.contains(current().leaf());
    }

    private void start() {
        scheduleNext();
        var _ = watch.scheduleWithFixedDelay(
                connections::sweep, WATCH.toMillis(), WATCH.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Asking the authority is one thread's work at a time.
    private void alone(Runnable work) {
        synchronized (enrolment) {
            work.run();
        }
    }

    /// Renews if it is time, and sees to the spare.
    void tick() {
        alone(() -> {
            synchronized (exchange) {
                replaceDenied();
            }
            if (renewal.isOver(clock.instant())) {
                try {
                    renew();
                } catch (RuntimeException _) {
                    // Counted, said, and tried again.
                }
            }
            prepareSpare();
        });
    }

    private void renew() {
        try {
            IdentityDocument next = enrolment.enrol();
            synchronized (exchange) {
                take(next);
            }
        } catch (IdentityUnavailable unavailable) {
            failed(unavailable.reason());
            throw unavailable;
        } catch (RuntimeException bug) {
            LOG.log(
                    Level.ERROR,
                    "identity renewal failed by a bug: {0}",
                    bug.getClass().getName());
            failed(IdentityUnavailable.Reason.INVALID_ANSWER);
            throw bug;
        }
    }

    private void prepareSpare() {
        // Only with a certificate in force: a spare is no reason to use up a join token.
        if (spare != null || !usable() || !preparation.isOver(clock.instant())) {
            return;
        }
        try {
            IdentityDocument next = enrolment.enrol();
            synchronized (exchange) {
                spare = next;
            }
            spareFailuresInARow = 0;
        } catch (RuntimeException unavailable) {
            Duration pause = RenewalPace.backOff(current().lifetime(), ++spareFailuresInARow, random);
            preparation = waiting(pause);
            LOG.log(
                    Level.WARNING,
                    "no spare certificate ({0})",
                    unavailable.getClass().getSimpleName());
        }
    }

    /// Whether a spare stands ready.
    public boolean hasSpare() {
        return spare != null;
    }

    /// Under `exchange`.
    private void replaceDenied() {
        IdentityDocument ready = spare;
        if (ready != null && denied.contains(ready.leaf())) {
            ready = null;
            spare = null;
            preparation = waiting(Duration.ZERO);
        }
        if (!denied.contains(current().leaf())) {
            return;
        }
        if (ready != null && !ready.expiredAt(clock.instant())) {
            LOG.log(Level.WARNING, "our own certificate is denied; the spare takes its place");
            take(ready);
        } else if (!renewal.isOver(clock.instant()) && failuresInARow.get() == 0) {
            LOG.log(Level.WARNING, "our own certificate is denied and there is no spare; joining again");
            renewal = waiting(Duration.ZERO);
        }
    }

    /// Under `exchange`.
    private void take(IdentityDocument next) {
        // Anchors first: a peer that already has a certificate of a new anchor must be believed before we show ours.
        trust.swap(next.anchors());
        keys.swap(next);
        contexts.startAnew(next);
        renewal = renewalOf(next);
        spare = null;
        preparation = waiting(Duration.ZERO);
        failuresInARow.set(0);
        lastFailure = null;
        renewals.incrementAndGet();
        listeners.forEach(listener -> tell(() -> listener.accept(next)));
    }

    static void tell(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException bug) {
            LOG.log(Level.ERROR, "identity listener failed: {0}", bug.getClass().getName());
        }
    }

    private void failed(IdentityUnavailable.Reason reason) {
        failures.incrementAndGet();
        lastFailure = reason;
        Duration pause = RenewalPace.backOff(current().lifetime(), failuresInARow.incrementAndGet(), random);
        renewal = waiting(pause);
        LOG.log(Level.WARNING, "identity renewal failed ({0}); certificate until {1}", reason, notAfter());
    }

    Instant nextTry() {
        return renewal.until();
    }

    private void scheduleNext() {
        Instant prepared = preparation.until();
        Instant next = spare == null && prepared.isBefore(nextTry()) ? prepared : nextTry();
        long wait = Duration.between(clock.instant(), next).toMillis();
        try {
            var _ = scheduler.schedule(
                    () -> {
                        try {
                            tick();
                        } finally {
                            // Whatever happened: a process that stops trying loses its identity.
                            scheduleNext();
                        }
                    },
                    Math.clamp(wait, 10, LONGEST_NAP.toMillis()),
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException _) {
            // Closed meanwhile.
        }
    }
}
