package dev.postern.sts.refusal;

import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;

/// A request was refused. The caller learns the code; the reason goes to the audit trail.
public final class Refused extends OAuth2AuthenticationException {

    private final Refusal refusal;
    private final String reason;

    Refused(Refusal refusal, String reason) {
        super(new OAuth2Error(refusal.code()));
        this.refusal = refusal;
        this.reason = reason;
    }

    public Refusal refusal() {
        return refusal;
    }

    public String reason() {
        return reason;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this; // an answer, not a fault
    }
}
