package dev.postern.cli.token;

import com.nimbusds.jwt.SignedJWT;
import dev.postern.cli.terminal.Failure;
import java.text.ParseException;

/// What a client may read in a token of its own. Verified by nobody here: the service it is for does that.
public final class TokenClaims {
    private TokenClaims() {}

    /// The tenant it acts in, or an empty text.
    public static String tenant(String token) {
        try {
            String tenant = SignedJWT.parse(token).getJWTClaimsSet().getStringClaim("tenant");
            return tenant == null ? "" : tenant;
        } catch (ParseException e) {
            throw new Failure("The token-service's token is not a signed JWT.", e);
        }
    }
}
