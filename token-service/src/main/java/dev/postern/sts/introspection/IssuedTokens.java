package dev.postern.sts.introspection;

import com.nimbusds.jwt.SignedJWT;
import dev.postern.token.AccessToken;
import dev.postern.token.AccessTokenVerifier;
import dev.postern.token.TokenRejected;
import dev.postern.token.TokenRejected.Reason;
import dev.postern.token.TokenUse;
import dev.postern.token.TrustState;
import dev.postern.token.VerificationKeys;
import dev.postern.token.VerifierSettings;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Verifies tokens of this issuer for whatever audience they name.
///
/// Non-guarantee: binding and address. Whoever asks about a token holds it for somebody else.
public final class IssuedTokens {

    private final String issuer;
    private final VerificationKeys keys;
    private final TrustState trust;
    private final Duration skew;
    private final Clock clock;

    public IssuedTokens(String issuer, VerificationKeys keys, TrustState trust, Duration skew, Clock clock) {
        this.issuer = issuer;
        this.keys = keys;
        this.trust = trust;
        this.skew = skew;
        this.clock = clock;
    }

    /// The token, if it is in time, signed by a trusted key and not revoked.
    public AccessToken verify(String compact) throws TokenRejected {
        String audience = claimedAudience(compact);
        Set<TokenUse> uses = isAdmin(compact) ? Set.of(TokenUse.ADMIN) : TokenUse.DATA_PLANE;
        // Remembers nothing: a token that is asked about once is seldom asked about again.
        return new AccessTokenVerifier(new VerifierSettings(issuer, audience, uses, skew, 1), keys, trust, clock)
                .verify(compact);
    }

    /// What the token says of itself, before anything of it is verified: it only chooses what is verified.
    private static String claimedAudience(String compact) throws TokenRejected {
        try {
            List<String> audience = parsed(compact).getJWTClaimsSet().getAudience();
            if (audience.size() != 1 || audience.getFirst().isBlank()) {
                throw new TokenRejected(Reason.WRONG_AUDIENCE);
            }
            return audience.getFirst();
        } catch (ParseException _) {
            throw new TokenRejected(Reason.MALFORMED);
        }
    }

    private static boolean isAdmin(String compact) throws TokenRejected {
        try {
            return TokenUse.ADMIN
                    .wireName()
                    .equals(parsed(compact).getJWTClaimsSet().getStringClaim("token_use"));
        } catch (ParseException _) {
            throw new TokenRejected(Reason.MALFORMED);
        }
    }

    private static SignedJWT parsed(String compact) throws TokenRejected, ParseException {
        if (compact.length() > AccessTokenVerifier.MAX_LENGTH) {
            throw new TokenRejected(Reason.OVERSIZED);
        }
        return SignedJWT.parse(compact);
    }
}
