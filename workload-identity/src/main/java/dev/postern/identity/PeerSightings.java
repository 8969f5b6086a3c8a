package dev.postern.identity;

import java.math.BigInteger;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Which certificate each workload of the platform showed last: how an operator sees that a renewal has arrived.
/// Safe for any thread.
final class PeerSightings {
    /// Workloads are a small set of names that the authority grants.
    private static final int MOST = 256;

    private final Clock clock;
    private final Map<URI, PeerSighting> last = new ConcurrentHashMap<>();

    PeerSightings(Clock clock) {
        this.clock = clock;
    }

    void add(X509Certificate leaf) {
        PeerIdentity.of(leaf).ifPresent(peer -> add(peer, leaf));
    }

    private void add(URI peer, X509Certificate leaf) {
        BigInteger serial = leaf.getSerialNumber();
        Instant issued = leaf.getNotBefore().toInstant();
        PeerSighting known = last.get(peer);
        // Several instances, and connections of different age, may show different ones: the latest issued counts.
        if (known == null ? last.size() < MOST : !known.serial().equals(serial) && !issued.isBefore(known.issued())) {
            last.put(peer, new PeerSighting(serial, issued, clock.instant()));
        }
    }

    Map<URI, PeerSighting> all() {
        return Map.copyOf(last);
    }
}
