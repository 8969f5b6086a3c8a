package dev.postern.cli.token;

import com.nimbusds.jwt.SignedJWT;
import dev.postern.cli.terminal.Failure;
import java.text.ParseException;
import java.time.Instant;

/// What a client may read in a token of its own. Verified by nobody here: the service it is for does that.
public final class TokenClaims {
    private TokenClaims() {}

    /// The tenant it acts in, or an empty text.
    public static String tenant(String token) {
        return read(token, parsed -> {
            String tenant = parsed.getJWTClaimsSet().getStringClaim("tenant");
            return tenant == null ? "" : tenant;
        });
    }

    /// When it ends by its own words.
    public static Instant end(String token) {
        return read(
                token, parsed -> parsed.getJWTClaimsSet().getExpirationTime().toInstant());
    }

    /// Its `jti`.
    public static String id(String token) {
        return read(token, parsed -> String.valueOf(parsed.getJWTClaimsSet().getJWTID()));
    }

    /// The key that signed it.
    public static String kid(String token) {
        return read(token, parsed -> String.valueOf(parsed.getHeader().getKeyID()));
    }

    private interface Part<T> {
        T of(SignedJWT token) throws ParseException;
    }

    private static <T> T read(String token, Part<T> part) {
        try {
            return part.of(SignedJWT.parse(token));
        } catch (ParseException e) {
            throw new Failure("The token-service's token is not a signed JWT.", e);
        }
    }
}
