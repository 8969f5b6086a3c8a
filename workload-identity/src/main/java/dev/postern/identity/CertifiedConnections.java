package dev.postern.identity;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.math.BigInteger;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// Open connections, each bound to the two certificates that it was made with.
///
/// Guarantee: a connection that was added is ended before either certificate runs out, and at once when the peer's is
/// denied. Non-guarantee: in good order. Whoever holds a long-lived connection replaces it long before, at a renewal.
///
/// Safe for any thread. Connections are ended on the thread of [WorkloadIdentity]'s watch, one after the other: an end
/// must not block.
public final class CertifiedConnections {
    private static final Logger LOG = System.getLogger(CertifiedConnections.class.getName());
    private static final Duration MOST_AHEAD = Duration.ofSeconds(2);

    /// Equal to itself only: two connections may have everything in common.
    private static final class Held {
        final Instant ends;
        final @Nullable BigInteger peer;
        final Runnable end;

        Held(Instant ends, @Nullable BigInteger peer, Runnable end) {
            this.ends = ends;
            this.peer = peer;
            this.end = end;
        }
    }

    private final DeniedCertificates denied;
    private final Clock clock;
    private final Set<Held> held = ConcurrentHashMap.newKeySet();

    CertifiedConnections(DeniedCertificates denied, Clock clock) {
        this.denied = denied;
        this.clock = clock;
    }

    /// Adds a connection after its handshake. A denied peer's is ended before this returns.
    ///
    /// @param end closes it; called at most once
    /// @return takes it out again, when it was closed
    public Runnable add(SSLSession session, Runnable end) {
        X509Certificate peer = peer(session).orElse(null);
        Instant ends = earlier(lastMoment(own(session)), lastMoment(peer));
        Held entry = new Held(ends, peer == null ? null : peer.getSerialNumber(), end);
        held.add(entry);
        // After it was added: a denial that comes later finds it in the set.
        if (isOver(entry, clock.instant())) {
            end(entry);
        }
        return () -> held.remove(entry);
    }

    /// How many there are.
    public int size() {
        return held.size();
    }

    /// Ends what is over. The watch calls it, and whoever denies a certificate.
    void sweep() {
        Instant now = clock.instant();
        for (Held entry : held) {
            if (isOver(entry, now)) {
                end(entry);
            }
        }
    }

    private boolean isOver(Held entry, Instant now) {
        return !now.isBefore(entry.ends) || (entry.peer != null && denied.contains(entry.peer));
    }

    private void end(Held entry) {
        if (held.remove(entry)) {
            try {
                entry.end.run();
            } catch (RuntimeException bug) {
                // One end that fails must not keep the others open.
                LOG.log(
                        Level.ERROR,
                        "a connection could not be ended: {0}",
                        bug.getClass().getName());
            }
        }
    }

    private static Optional<X509Certificate> peer(SSLSession session) {
        try {
            return leaf(session.getPeerCertificates());
        } catch (SSLPeerUnverifiedException _) {
            return Optional.empty();
        }
    }

    private static @Nullable X509Certificate own(SSLSession session) {
        return leaf(session.getLocalCertificates()).orElse(null);
    }

    private static Optional<X509Certificate> leaf(Certificate @Nullable [] chain) {
        return chain != null && chain.length > 0 && chain[0] instanceof X509Certificate leaf
                ? Optional.of(leaf)
                : Optional.empty();
    }

    /// A little before it runs out, so that looking only now and then is often enough.
    private static Instant lastMoment(@Nullable X509Certificate leaf) {
        if (leaf == null) {
            return Instant.MAX;
        }
        Instant notAfter = leaf.getNotAfter().toInstant();
        Duration tenth =
                Duration.between(leaf.getNotBefore().toInstant(), notAfter).dividedBy(10);
        return notAfter.minus(tenth.compareTo(MOST_AHEAD) < 0 ? tenth : MOST_AHEAD);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
