package dev.postern.sts.clientauth;

import dev.postern.sts.client.ClientKeys;
import dev.postern.sts.client.ClientRegistration;
import dev.postern.sts.client.Clients;
import dev.postern.sts.client.Proof;
import dev.postern.sts.refusal.Refusal;
import dev.postern.sts.singleuse.UsedOnce;
import dev.postern.token.Claims;
import dev.postern.token.CompactJws;
import dev.postern.token.TokenRejected;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Verifies client assertions (RFC 7523 section 3): the client's key as it is registered at that moment, ES256, the
/// issuer as only audience, a short life, and an id that was never used at any replica. The id is used up only by an
/// assertion that is good in all other respects.
final class AssertionVerifier {

    private static final int MAX_LENGTH = 8 * 1024;
    private static final int MAX_ID_LENGTH = 128;
    private static final Set<String> TYPES = Set.of("jwt", "client-authentication+jwt");

    private final Clients clients;
    private final AssertionPolicy policy;
    private final UsedOnce usedOnce;
    private final Clock clock;

    AssertionVerifier(Clients clients, AssertionPolicy policy, UsedOnce usedOnce, Clock clock) {
        this.clients = clients;
        this.policy = policy;
        this.usedOnce = usedOnce;
        this.clock = clock;
    }

    /// The client that made the assertion.
    ///
    /// @param claimed what the request calls its client beside it; it must be the same (RFC 7521 section 4.2)
    ClientRegistration verify(String assertion, Optional<String> claimed) {
        try {
            CompactJws jws = CompactJws.parse(assertion, MAX_LENGTH);
            Claims claims = jws.payload();
            requireType(jws.header());
            String clientId = claims.optionalText("sub").orElse("");
            require(clientId.equals(claims.optionalText("iss").orElse("")), AssertionRejected.WRONG_CLIENT);
            require(claimed.isEmpty() || claimed.get().equals(clientId), AssertionRejected.WRONG_CLIENT);
            ClientRegistration client =
                    clients.find(clientId).orElseThrow(() -> refused(AssertionRejected.WRONG_CLIENT));
            verifySignature(jws, client);
            requireAudience(claims);
            Instant expiresAt = requireInTime(claims);
            requireFirstUse(clientId, claims, expiresAt);
            return client;
        } catch (TokenRejected rejected) {
            throw refused(
                    switch (rejected.reason()) {
                        case WRONG_ALGORITHM -> AssertionRejected.WRONG_ALGORITHM;
                        case BAD_SIGNATURE -> AssertionRejected.BAD_SIGNATURE;
                        default -> AssertionRejected.MALFORMED;
                    });
        }
    }

    private static void requireType(Claims header) throws TokenRejected {
        Optional<String> type = header.optionalText("typ");
        // Another kind of JWT that the same key signed - a proof, a token - must not pass for an assertion.
        require(type.isEmpty() || TYPES.contains(type.get().toLowerCase(Locale.ROOT)), AssertionRejected.MALFORMED);
    }

    private static void verifySignature(CompactJws jws, ClientRegistration client) throws TokenRejected {
        if (!(client.proof() instanceof Proof.SignedAssertion(ClientKeys keys))) {
            throw refused(AssertionRejected.UNKNOWN_KEY);
        }
        var candidates = keys.candidates(jws.header().optionalText("kid"));
        require(!candidates.isEmpty(), AssertionRejected.UNKNOWN_KEY);
        for (ECPublicKey candidate : candidates.subList(0, candidates.size() - 1)) {
            if (isBy(candidate, jws)) {
                return;
            }
        }
        jws.verify(candidates.getLast());
    }

    private static boolean isBy(ECPublicKey key, CompactJws jws) {
        try {
            jws.verify(key);
            return true;
        } catch (TokenRejected _) {
            return false;
        }
    }

    private void requireAudience(Claims claims) throws TokenRejected {
        require(
                claims.has("aud") && claims.texts("aud").equals(Set.of(policy.audience())),
                AssertionRejected.WRONG_AUDIENCE);
    }

    private Instant requireInTime(Claims claims) throws TokenRejected {
        Instant now = clock.instant();
        Instant latest = now.plus(policy.skew());
        Instant expiresAt = claims.optionalTime("exp").orElseThrow(() -> refused(AssertionRejected.EXPIRED));
        require(expiresAt.isAfter(now.minus(policy.skew())), AssertionRejected.EXPIRED);
        require(!expiresAt.isAfter(latest.plus(policy.longest())), AssertionRejected.TOO_LONG_LIVED);
        require(!claims.optionalTime("nbf").orElse(now).isAfter(latest), AssertionRejected.NOT_YET_VALID);
        require(!claims.optionalTime("iat").orElse(now).isAfter(latest), AssertionRejected.NOT_YET_VALID);
        return expiresAt;
    }

    private void requireFirstUse(String clientId, Claims claims, Instant expiresAt) throws TokenRejected {
        String id = claims.optionalText("jti").orElse("");
        require(!id.isBlank() && id.length() <= MAX_ID_LENGTH, AssertionRejected.NO_ID);
        Instant until = expiresAt.plus(policy.skew()).plusSeconds(1);
        require(usedOnce.isFirst(UsedOnce.Kind.CLIENT_ASSERTION, clientId, id, until), AssertionRejected.REPLAYED);
    }

    private static void require(boolean condition, AssertionRejected otherwise) {
        if (!condition) {
            throw refused(otherwise);
        }
    }

    private static RuntimeException refused(AssertionRejected reason) {
        return Refusal.INVALID_CLIENT.because(reason.code());
    }
}
