package dev.postern.token;

import dev.postern.token.TokenRejected.Reason;
import dev.postern.token.VerifiedTokens.Digest;
import dev.postern.token.VerifiedTokens.Verified;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Verifies access tokens locally (RFC 9068 section 4, RFC 8725): type, algorithm, key, signature, issuer, audience,
/// use, times, required claims, and whether it was taken back.
///
/// Guarantee: every call checks that the signing key is still trusted, the token still in time and nothing of it
/// revoked, remembered or not. When nobody can say whether it was revoked, it is refused.
/// Non-guarantee: single use of proofs and the count of a capability are the caller's to keep.
///
/// Thread-safe; never blocks if its [VerificationKeys] does not.
public final class AccessTokenVerifier {

    /// Longer tokens are refused unread.
    public static final int MAX_LENGTH = 8 * 1024;

    private final VerifierSettings settings;
    private final VerificationKeys keys;
    private final TrustState trust;
    private final Clock clock;
    private final VerifiedTokens verifiedTokens;

    public AccessTokenVerifier(VerifierSettings settings, VerificationKeys keys, TrustState trust, Clock clock) {
        this.settings = settings;
        this.keys = keys;
        this.trust = trust;
        this.clock = clock;
        this.verifiedTokens = new VerifiedTokens(settings.remembered());
    }

    /// The token, if it is good and came the way it must: a bound one with its key's proof or certificate, an unbound
    /// one without any, and from an address that it names.
    public AccessToken verify(String compact, Presentation presentation) throws TokenRejected {
        AccessToken token = verify(compact);
        requireBinding(token, compact, presentation);
        return token;
    }

    /// For callers that check the binding of the token themselves (see [DpopProof]).
    public AccessToken verify(String compact) throws TokenRejected {
        AccessToken token = verifyAlone(compact);
        switch (trust.standingOf(token)) {
            case TRUSTED -> {}
            case REVOKED -> throw new TokenRejected(Reason.REVOKED);
            case OUTDATED -> throw new TokenRejected(Reason.OUTDATED);
            case UNKNOWN -> throw new TokenRejected(Reason.REVOCATION_UNKNOWN);
        }
        return token;
    }

    private AccessToken verifyAlone(String compact) throws TokenRejected {
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
        Optional<ECPublicKey> key = keys.find(keyId);
        if (key.isEmpty()) {
            noteFormer(keyId, jws);
            throw new TokenRejected(Reason.UNKNOWN_KEY);
        }
        jws.verify(key.get());
        Claims claims = jws.payload();
        note(keyId, claims);
        AccessToken token = validate(keyId, claims);
        verifiedTokens.remember(digest, new Verified(token, key.get()));
        return token;
    }

    private void note(String keyId, Claims claims) throws TokenRejected {
        claims.optionalTime("iat").ifPresent(issuedAt -> keys.signed(keyId, issuedAt));
    }

    /// Refused it is in any case.
    private void noteFormer(String keyId, CompactJws jws) {
        Optional<ECPublicKey> former = keys.former(keyId);
        if (former.isPresent()) {
            try {
                jws.verify(former.get());
                note(keyId, jws.payload());
            } catch (TokenRejected _) {
                // Somebody's invention: that tells nothing of the key.
            }
        }
    }

    private static void requireBinding(AccessToken token, String compact, Presentation presentation)
            throws TokenRejected {
        AccessToken.Binding binding = token.binding();
        if (binding.dpopThumbprint().isPresent() != presentation.proof().isPresent()) {
            // A stolen bound token as a plain one, or a proof that proves nothing about this token.
            throw new TokenRejected(Reason.WRONG_BINDING);
        }
        if (presentation.proof().isPresent()) {
            DpopProof proof = presentation.proof().get().requireKeyOf(token);
            if (!DpopExpectation.tokenHash(compact).equals(proof.claims().get("ath"))) {
                throw new TokenRejected(Reason.WRONG_BINDING);
            }
        }
        if (binding.certificateThumbprint().isPresent()
                && !binding.certificateThumbprint().equals(presentation.certificateThumbprint())) {
            throw new TokenRejected(Reason.WRONG_BINDING);
        }
        if (!binding.networks().isEmpty()
                && presentation.address().stream()
                        .noneMatch(address -> binding.networks().stream().anyMatch(range -> range.contains(address)))) {
            throw new TokenRejected(Reason.WRONG_ADDRESS);
        }
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
        // Tokens of ours are for one service each: a list is a token that somebody else could use elsewhere.
        if (!audience.equals(Set.of(settings.audience()))) {
            throw new TokenRejected(Reason.WRONG_AUDIENCE);
        }
        TokenUse use = TokenUse.ofWireName(claims.text("token_use"))
                .filter(settings.uses()::contains)
                .orElseThrow(() -> new TokenRejected(Reason.WRONG_USE));
        Instant issuedAt = claims.time("iat");
        Instant expiresAt = claims.time("exp");
        requireInTime(issuedAt, claims.optionalTime("nbf").orElse(issuedAt), expiresAt);
        return new AccessToken(
                claims.text("jti"),
                keyId,
                use,
                claims.text("sid"),
                claims.text("client_id"),
                claims.text("sub"),
                claims.text("tenant"),
                TokenClaims.actors(claims),
                claims.has("roles") ? claims.texts("roles") : Set.of(),
                TokenClaims.scopes(claims),
                audience,
                issuedAt,
                expiresAt,
                claims.optionalNumber("pol", Long.MAX_VALUE).orElse(0),
                TokenClaims.binding(claims),
                claims.has("authorization_details")
                        ? AuthorizationDetail.parse(claims.object().path("authorization_details"))
                        : List.of(),
                TokenClaims.uses(claims, use),
                claims.optionalText("clearance"));
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
}
