package dev.postern.gateway.access;

import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import dev.postern.token.Presentation.Scheme;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;

/// The token of a request and the proof that came with it: from the one Authorization and the one DPoP header, or
/// for a WebSocket the one subprotocol, and from nowhere else (RFC 6750 section 2.1, RFC 9449 section 7.1). Prints
/// nothing of either.
///
/// @param proof not verified; none unless the scheme is `DPoP` and there is exactly one
record Credentials(Scheme scheme, String token, Optional<String> proof) {
    private static final String PROOF = "DPoP";
    private static final String PROTOCOLS = "Sec-WebSocket-Protocol";
    private static final String TOKEN_PROTOCOL = "ssp1.bearer.";
    private static final String BEARER = "Bearer ";
    private static final String DPOP = "DPoP ";

    /// What a request carries.
    ///
    /// @throws Refused when there is no token, more than one, or one that cannot be a token
    static Credentials of(HttpHeaders headers) {
        return of(headers, List.of());
    }

    /// What a request for a WebSocket carries: a browser's page can set no header, so it may offer its token as a
    /// subprotocol, which no answer repeats.
    static Credentials ofUpgrade(HttpHeaders headers) {
        return of(
                headers,
                headers.getValuesAsList(PROTOCOLS).stream()
                        .filter(protocol -> protocol.startsWith(TOKEN_PROTOCOL))
                        .map(protocol -> protocol.substring(TOKEN_PROTOCOL.length()))
                        .toList());
    }

    private static Credentials of(HttpHeaders headers, List<String> offered) {
        List<String> values = headers.getOrEmpty(HttpHeaders.AUTHORIZATION);
        if (offered.size() + values.size() > 1) {
            throw new Refused(Failure.TOKEN_AMBIGUOUS);
        }
        if (!offered.isEmpty()) {
            return new Credentials(Scheme.BEARER, token(offered.getFirst()), Optional.empty());
        }
        if (values.isEmpty()) {
            throw new Refused(Failure.TOKEN_MISSING);
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
