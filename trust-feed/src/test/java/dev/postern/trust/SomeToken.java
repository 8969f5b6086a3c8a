package dev.postern.trust;

import dev.postern.token.Revocable;
import java.time.Instant;
import java.util.List;

/// A token with names that tests can revoke.
record SomeToken(
        String tokenId,
        String keyId,
        String sessionId,
        String clientId,
        String subject,
        String tenant,
        List<String> actors,
        Instant issuedAt,
        long policyEpoch)
        implements Revocable {
    static SomeToken issuedAt(Instant issuedAt) {
        return new SomeToken(
                "token-1", "key-1", "session-1", "client-1", "subject-1", "tenant-1", List.of(), issuedAt, 7);
    }

    SomeToken actedFor(String actor) {
        return new SomeToken(
                tokenId, keyId, sessionId, clientId, subject, tenant, List.of(actor), issuedAt, policyEpoch);
    }
}
