package dev.postern.gateway.access;

import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import dev.postern.token.Presentation.Scheme;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;

/// The token of a request and the proof that came with it: from the one Authorization and the one DPoP header, and
/// from nowhere else (RFC 6750 section 2.1, RFC 9449 section 7.1). Prints nothing of either.
///
/// @param proof not verified; none unless the scheme is `DPoP` and there is exactly one
record Credentials(Scheme scheme, String token, Optional<String> proof) {
    private static final String PROOF = "DPoP";
    private static final String BEARER = "Bearer ";
    private static final String DPOP = "DPoP ";

    /// What a request carries.
    ///
    /// @throws Refused when there is no token, more than one, or one that cannot be a token
    static Credentials of(HttpHeaders headers) {
        List<String> values = headers.getOrEmpty(HttpHeaders.AUTHORIZATION);
        if (values.isEmpty()) {
            throw new Refused(Failure.TOKEN_MISSING);
        }
        if (values.size() > 1) {
            throw new Refused(Failure.TOKEN_AMBIGUOUS);
        }
        String value = values.getFirst();
        if (begins(value, BEARER)) {
            if (headers.getFirst(PROOF) != null) {
                // Nobody would check it, and the client believes that its token is bound.
                throw new Refused(Failure.TOKEN_AMBIGUOUS);
            }
            return new Credentials(Scheme.BEARER, token(value.substring(BEARER.length())), Optional.empty());
        }
        if (begins(value, DPOP)) {
            return new Credentials(
                    Scheme.DPOP,
                    token(value.substring(DPOP.length())),
                    headers.getOrEmpty(PROOF).size() == 1
                            ? Optional.ofNullable(headers.getFirst(PROOF))
                            : Optional.empty());
        }
        throw new Refused(Failure.TOKEN_MISSING);
    }

    private static boolean begins(String value, String scheme) {
        return value.regionMatches(true, 0, scheme, 0, scheme.length());
    }

    private static String token(String text) {
        String token = text.strip();
        if (token.isEmpty()) {
            throw new Refused(Failure.TOKEN_MISSING);
        }
        if (token.indexOf(' ') >= 0 || token.indexOf(',') >= 0) {
            throw new Refused(Failure.TOKEN_AMBIGUOUS);
        }
        return token;
    }

    @Override
    public String toString() {
        return "Credentials[" + scheme + "]";
    }
}
