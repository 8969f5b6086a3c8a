package dev.postern.identity;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;

/// What the tests of this package share: an authority and two names.
final class Authorities {
    static final TrustDomain DOMAIN = new TrustDomain("postern.local");
    static final URI TOKEN_SERVICE = DOMAIN.idOf("token-service");
    static final URI RELAY = DOMAIN.idOf("inference-relay");
    static final SecureRandom RANDOM = new SecureRandom();

    private Authorities() {}

    static InMemoryAuthority at(Clock clock) {
        return InMemoryAuthority.create("Test CA", Duration.ofDays(3650), clock, RANDOM);
    }

    static InMemoryAuthority.Grant grant(URI spiffeId, Duration lifetime) {
        return new InMemoryAuthority.Grant(spiffeId, InMemoryAuthority.LOCAL_HOSTS, lifetime);
    }
}
