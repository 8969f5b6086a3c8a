package dev.postern.identity;

/// No certificate could be had. The message is one sentence for an operator and holds no secret and no text of a
/// peer.
public final class IdentityUnavailable extends RuntimeException {
    /// Why, as a closed set: metrics and decisions use this, never the sentence.
    public enum Reason {
        /// `ca.pem` is not there (yet).
        NO_TRUST_ANCHOR,
        /// The join token file is not there (yet).
        NO_JOIN_TOKEN,
        /// The authority cannot be reached, or it failed. Worth another try.
        UNREACHABLE,
        /// The authority said no: wrong or used token, or names that are not ours. Trying again will not help.
        REFUSED,
        /// The answer is not a certificate for our key and our name under the known anchors.
        INVALID_ANSWER,
        /// The certificate has run out, so it cannot be used to renew itself.
        EXPIRED,
        /// The wait was interrupted.
        INTERRUPTED;

        boolean passing() {
            return this == NO_TRUST_ANCHOR || this == NO_JOIN_TOKEN || this == UNREACHABLE;
        }
    }

    private final Reason reason;

    public IdentityUnavailable(Reason reason, String sentence) {
        super(sentence);
        this.reason = reason;
    }

    public IdentityUnavailable(Reason reason, String sentence, Throwable cause) {
        super(sentence, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
