package dev.postern.token;

import dev.postern.token.TokenRejected.Reason;
import dev.postern.token.VerifiedTokens.Digest;
import dev.postern.token.VerifiedTokens.Verified;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/// Verifies access tokens locally (RFC 9068 section 4, RFC 8725): type, algorithm, key, signature, issuer, audience,
/// times and required claims.
///
/// Guarantee: every call checks that the signing key is still trusted and the token still valid, remembered or not.
/// Non-guarantee: single use, revocation, and possession of a bound key are not looked at here.
///
/// Thread-safe; never blocks if its [VerificationKeys] does not.
public final class AccessTokenVerifier {

    /// Longer tokens are refused unread.
    public static final int MAX_LENGTH = 8 * 1024;

    private final VerifierSettings settings;
    private final VerificationKeys keys;
    private final Clock clock;
    private final VerifiedTokens verifiedTokens;

    public AccessTokenVerifier(VerifierSettings settings, VerificationKeys keys, Clock clock) {
        this.settings = settings;
        this.keys = keys;
        this.clock = clock;
        this.verifiedTokens = new VerifiedTokens(settings.remembered());
    }

    /// For callers that check the binding of the token themselves (see [DpopProof]).
    public AccessToken verify(String compact) throws TokenRejected {
        if (compact.length() > MAX_LENGTH) {
            throw new TokenRejected(Reason.OVERSIZED);
        }
        Digest digest = Digest.of(compact);
        Optional<Verified> remembered = verifiedTokens.find(digest);
        if (remembered.isPresent()) {
            return recheck(digest, remembered.get());
        }
        CompactJws jws = CompactJws.parse(compact, MAX_LENGTH).requireType("at+jwt");
        String keyId = jws.header().optionalText("kid").orElseThrow(() -> new TokenRejected(Reason.UNKNOWN_KEY));
        ECPublicKey key = keys.find(keyId).orElseThrow(() -> new TokenRejected(Reason.UNKNOWN_KEY));
        jws.verify(key);
        AccessToken token = validate(keyId, jws.payload());
        verifiedTokens.remember(digest, new Verified(token, key));
        return token;
    }

    /// For callers that accept plain bearer tokens: refuses every token that is bound to a key or certificate.
    public AccessToken verifyBearer(String compact) throws TokenRejected {
        AccessToken token = verify(compact);
        if (token.isBound()) {
            throw new TokenRejected(Reason.WRONG_BINDING);
        }
        return token;
    }

    private AccessToken recheck(Digest digest, Verified remembered) throws TokenRejected {
        AccessToken token = remembered.token();
        // The key may have been destroyed or replaced since; what it signed goes with it.
        if (!keys.find(token.keyId()).filter(remembered.key()::equals).isPresent()) {
            verifiedTokens.forget(digest);
            throw new TokenRejected(Reason.UNKNOWN_KEY);
        }
        if (isExpired(token.expiresAt())) {
            verifiedTokens.forget(digest);
            throw new TokenRejected(Reason.EXPIRED);
        }
        return token;
    }

    private AccessToken validate(String keyId, Claims claims) throws TokenRejected {
        if (!claims.text("iss").equals(settings.issuer())) {
            throw new TokenRejected(Reason.WRONG_ISSUER);
        }
        Set<String> audience = claims.texts("aud");
        if (!audience.contains(settings.audience())) {
            throw new TokenRejected(Reason.WRONG_AUDIENCE);
        }
        Instant issuedAt = claims.time("iat");
        Instant expiresAt = claims.time("exp");
        requireInTime(issuedAt, claims.optionalTime("nbf").orElse(issuedAt), expiresAt);
        Optional<Claims> confirmation = claims.optionalObject("cnf");
        AccessToken token = new AccessToken(
                claims.text("jti"),
                keyId,
                claims.text("client_id"),
                claims.text("sub"),
                claims.text("tenant"),
                scopes(claims),
                audience,
                issuedAt,
                expiresAt,
                confirmed(confirmation, "jkt"),
                confirmed(confirmation, "x5t#S256"));
        if (confirmation.isPresent() && !token.isBound()) {
            // Bound in a way that is not understood: it must not pass for an unbound one.
            throw new TokenRejected(Reason.WRONG_BINDING);
        }
        return token;
    }

    private void requireInTime(Instant issuedAt, Instant notBefore, Instant expiresAt) throws TokenRejected {
        if (isExpired(expiresAt)) {
            throw new TokenRejected(Reason.EXPIRED);
        }
        Instant latest = clock.instant().plus(settings.skew());
        if (issuedAt.isAfter(latest) || notBefore.isAfter(latest)) {
            throw new TokenRejected(Reason.NOT_YET_VALID);
        }
    }

    private boolean isExpired(Instant expiresAt) {
        return !clock.instant().minus(settings.skew()).isBefore(expiresAt);
    }

    private static Set<String> scopes(Claims claims) throws TokenRejected {
        Set<String> scopes = new LinkedHashSet<>(
                Arrays.asList(claims.optionalText("scope").orElse("").split(" ", -1)));
        scopes.remove("");
        return scopes;
    }

    private static Optional<String> confirmed(Optional<Claims> confirmation, String method) throws TokenRejected {
        return confirmation.isEmpty() ? Optional.empty() : confirmation.get().optionalText(method);
    }
}
