package dev.postern.identity;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
/// Hand [#keyManager] and [#trustManager] (or [#sslContext]) once to every server and client; they follow each
/// renewal. Renewal runs on one daemon thread; a failure keeps the current certificate, counts in
/// [#renewalFailures], and is tried again with back-off. After [#notAfter] no handshake succeeds any more until a
/// renewal does.
///
/// Safe for any thread. Listeners run on the renewing thread, one at a time, after the swap.
public final class WorkloadIdentity implements AutoCloseable {
    private static final Logger LOG = System.getLogger(WorkloadIdentity.class.getName());
    /// The clock is looked at this often even when nothing is due: a machine that slept wakes up late, not never.
    private static final Duration LONGEST_NAP = Duration.ofSeconds(30);
    /// A resumed TLS session skips certificates, so it may not live long either.
    private static final Duration LONGEST_SESSION = Duration.ofMinutes(5);

    private final Enrolment enrolment;
    private final Clock clock;
    private final RandomGenerator random;
    private final SecureRandom secureRandom;
    private final ScheduledExecutorService scheduler;
    private final LiveKeys keys;
    private final LiveTrust trust;
    private final SSLContext sslContext;
    /// Every context handed out: their sessions must not outlive certificates.
    private final List<SSLContext> contexts = new CopyOnWriteArrayList<>();
    private final List<Consumer<IdentityDocument>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong renewals = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicInteger failuresInARow = new AtomicInteger();
    private volatile IdentityUnavailable.@Nullable Reason lastFailure;
    private volatile Instant nextTry;

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
        this.keys = new LiveKeys(first, clock);
        this.trust = new LiveTrust(first.anchors());
        this.secureRandom = random;
        this.sslContext = Tls13.context(new X509ExtendedKeyManager[] {keys}, trust, random);
        contexts.add(sslContext);
        this.nextTry = RenewalPace.renewal(first, random);
        boundSessions(first);
    }

    /// Joins with the one-time token in `settings`: waits, within the settings' timeout, for the CA certificate,
    /// the token file and the authority; deletes the token file after use.
    ///
    /// @throws IdentityUnavailable when refused, or still unavailable at the end of the wait
    public static WorkloadIdentity join(JoinSettings settings, Clock clock) {
        return join(settings, clock, new SecureRandom());
    }

    public static WorkloadIdentity join(JoinSettings settings, Clock clock, SecureRandom random) {
        JoiningIssuer issuer = new JoiningIssuer(settings, clock, random);
        Enrolment enrolment = new Enrolment(issuer, settings.spiffeId(), settings.dnsNames(), clock, random);
        IdentityDocument first = Patience.within(settings.timeout()).get(enrolment::enrol);
        WorkloadIdentity identity = new WorkloadIdentity(enrolment, first, clock, random, daemon());
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
        Enrolment enrolment = new Enrolment(issuer, spiffeId, dnsNames, clock, random);
        WorkloadIdentity identity = new WorkloadIdentity(enrolment, enrolment.enrol(), clock, random, daemon());
        identity.start();
        return identity;
    }

    private static ScheduledExecutorService daemon() {
        ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("postern-identity").factory());
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
        SSLContext pinned = Tls13.context(new X509ExtendedKeyManager[] {keys}, trustManager(server), secureRandom);
        contexts.add(pinned);
        boundSessions(current());
        return pinned;
    }

    /// TLS 1.3 only; resumed sessions live at most five minutes and at most half the certificate's life.
    public SSLContext sslContext() {
        return sslContext;
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
    }

    boolean expired() {
        return current().expiredAt(clock.instant());
    }

    private void start() {
        scheduleNext();
    }

    /// Renews if it is time. Only the scheduler's single thread and single-threaded tests call this.
    void tick() {
        if (clock.instant().isBefore(nextTry)) {
            return;
        }
        try {
            take(enrolment.enrol());
        } catch (IdentityUnavailable unavailable) {
            failed(unavailable.reason());
        } catch (RuntimeException bug) {
            LOG.log(
                    Level.ERROR,
                    "identity renewal failed by a bug: {0}",
                    bug.getClass().getName());
            failed(IdentityUnavailable.Reason.INVALID_ANSWER);
        }
    }

    private void take(IdentityDocument next) {
        // Anchors first: a peer that already has a certificate of a new anchor must be believed before we show ours.
        trust.swap(next.anchors());
        keys.swap(next);
        boundSessions(next);
        nextTry = RenewalPace.renewal(next, random);
        failuresInARow.set(0);
        lastFailure = null;
        renewals.incrementAndGet();
        for (Consumer<IdentityDocument> listener : listeners) {
            try {
                listener.accept(next);
            } catch (RuntimeException bug) {
                LOG.log(
                        Level.ERROR,
                        "identity listener failed: {0}",
                        bug.getClass().getName());
            }
        }
    }

    private void failed(IdentityUnavailable.Reason reason) {
        failures.incrementAndGet();
        lastFailure = reason;
        Duration pause = RenewalPace.backOff(current().lifetime(), failuresInARow.incrementAndGet(), random);
        nextTry = clock.instant().plus(pause);
        LOG.log(Level.WARNING, "identity renewal failed ({0}); certificate until {1}", reason, notAfter());
    }

    private void boundSessions(IdentityDocument document) {
        long seconds = Math.clamp(document.lifetime().toSeconds() / 2, 1, LONGEST_SESSION.toSeconds());
        for (SSLContext context : contexts) {
            context.getServerSessionContext().setSessionTimeout((int) seconds);
            context.getClientSessionContext().setSessionTimeout((int) seconds);
        }
    }

    Instant nextTry() {
        return nextTry;
    }

    private void scheduleNext() {
        long wait = Duration.between(clock.instant(), nextTry).toMillis();
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
