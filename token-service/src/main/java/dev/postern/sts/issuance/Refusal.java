package dev.postern.sts.issuance;

import java.util.Arrays;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;

/// What the token endpoint answers when it issues nothing (RFC 6749 section 5.2 and the RFCs that add to it).
enum Refusal {
    INVALID_REQUEST("invalid_request", 400),
    INVALID_CLIENT("invalid_client", 401),
    UNAUTHORIZED_CLIENT("unauthorized_client", 400),
    UNSUPPORTED_GRANT_TYPE("unsupported_grant_type", 400),
    INVALID_SCOPE("invalid_scope", 400),
    /// RFC 8707.
    INVALID_TARGET("invalid_target", 400),
    /// RFC 9449.
    INVALID_DPOP_PROOF("invalid_dpop_proof", 400),
    /// No active signing key, or the issue cannot be put on record.
    TEMPORARILY_UNAVAILABLE("temporarily_unavailable", 503);

    private final String code;
    private final int status;

    Refusal(String code, int status) {
        this.code = code;
        this.status = status;
    }

    String code() {
        return code;
    }

    int status() {
        return status;
    }

    OAuth2AuthenticationException exception() {
        return new OAuth2AuthenticationException(new OAuth2Error(code));
    }

    /// Codes that only the framework uses are the caller's fault in a way that needs no name of its own.
    static Refusal of(String code) {
        return Arrays.stream(values())
                .filter(refusal -> refusal.code.equals(code))
                .findFirst()
                .orElse(INVALID_REQUEST);
    }
}
