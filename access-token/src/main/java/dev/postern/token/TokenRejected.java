package dev.postern.token;

/// A token or proof was refused. Carries the reason and nothing of the token, so it can be logged and counted.
///
/// It has no stack trace: a refusal is an answer to a caller, not a fault, and must stay cheap under attack.
public final class TokenRejected extends Exception {

    /// Why; a closed set that is safe as a metric tag.
    public enum Reason {
        /// Not a compact JWS of JSON objects without duplicate members, or a header parameter that is never allowed.
        MALFORMED,
        OVERSIZED,
        /// `typ` is not the one expected here.
        WRONG_TYPE,
        /// `alg` is not ES256.
        WRONG_ALGORITHM,
        UNKNOWN_KEY,
        BAD_SIGNATURE,
        EXPIRED,
        NOT_YET_VALID,
        WRONG_ISSUER,
        WRONG_AUDIENCE,
        MISSING_CLAIM,
        /// Bound to another key, request or token than the one presented, or bound and presented without proof.
        WRONG_BINDING,
        /// From an address that the token does not name.
        WRONG_ADDRESS,
        /// `token_use` is not one that is taken here.
        WRONG_USE,
        /// Taken back: the token, its session, client, subject, tenant or key.
        REVOKED,
        /// Issued under a policy that no longer counts.
        OUTDATED,
        /// Whether it was revoked cannot be known right now.
        REVOCATION_UNKNOWN
    }

    private final Reason reason;

    public TokenRejected(Reason reason) {
        super(reason.name(), null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
