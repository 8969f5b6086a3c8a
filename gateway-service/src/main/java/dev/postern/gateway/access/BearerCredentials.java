package dev.postern.gateway.access;

import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import java.util.List;
import java.util.Locale;
import org.springframework.http.HttpHeaders;

/// The bearer token of a request (RFC 6750 section 2.1): from the one Authorization header, and from nowhere else.
final class BearerCredentials {
    private static final String SCHEME = "bearer ";

    private BearerCredentials() {}

    /// @throws Refused when there is none, more than one, or one that cannot be a token
    static String of(HttpHeaders headers) {
        List<String> values = headers.getOrEmpty(HttpHeaders.AUTHORIZATION);
        if (values.isEmpty()) {
            throw new Refused(Failure.TOKEN_MISSING);
        }
        if (values.size() > 1) {
            throw new Refused(Failure.TOKEN_AMBIGUOUS);
        }
        String value = values.getFirst();
        if (value.length() < SCHEME.length()
                || !value.substring(0, SCHEME.length()).toLowerCase(Locale.ROOT).equals(SCHEME)) {
            throw new Refused(Failure.TOKEN_MISSING);
        }
        String token = value.substring(SCHEME.length()).strip();
        if (token.isEmpty()) {
            throw new Refused(Failure.TOKEN_MISSING);
        }
        if (token.indexOf(' ') >= 0 || token.indexOf(',') >= 0) {
            throw new Refused(Failure.TOKEN_AMBIGUOUS);
        }
        return token;
    }
}
