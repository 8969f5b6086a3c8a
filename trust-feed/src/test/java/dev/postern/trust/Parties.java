package dev.postern.trust;

import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.token.IdentityJws;
import java.net.URI;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/// A platform's identities, and messages signed by them.
record Parties(InMemoryAuthority authority) {
    private static final TrustDomain DOMAIN = new TrustDomain("postern.local");
    static final URI DECISIONS = DOMAIN.idOf("token-service");
    static final URI KEYS = DOMAIN.idOf("key-rotation-service");

    static Parties at(Clock clock) {
        return new Parties(InMemoryAuthority.create("test", Duration.ofDays(2), clock, new SecureRandom()));
    }

    WorkloadIdentity service(String name) {
        return authority.identityOf(DOMAIN.idOf(name));
    }

    Collection<X509Certificate> anchors() {
        return List.of(authority.certificate());
    }

    static String sign(WorkloadIdentity by, String type, FeedMessage message) {
        return sign(by, type, FeedCodec.encode(message));
    }

    static String sign(WorkloadIdentity by, String type, byte[] payload) {
        return IdentityJws.sign(
                type, payload, by.current().privateKey(), by.current().chain());
    }

    static FeedMessage message(long generation, long seq, Instant at, TrustChange... changes) {
        return new FeedMessage(DECISIONS, new FeedPosition(generation, seq), at, List.of(changes));
    }
}
