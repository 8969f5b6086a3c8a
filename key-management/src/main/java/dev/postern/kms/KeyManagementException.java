package dev.postern.kms;

/// Key management could not do its work. The message is one sentence for an operator and holds no secret.
public final class KeyManagementException extends RuntimeException {
    public enum Reason {
        /// The wrapped value was altered, or belongs to another key or context.
        NOT_AUTHENTIC,
        /// The key was never made, or its keyset was lost.
        UNKNOWN_KEY,
        /// The key is there, but this version of it was destroyed.
        DESTROYED_VERSION,
        /// The key's kind does other work.
        WRONG_KIND,
        /// Closed: the keyset does not open (wrong passphrase, or altered), or the server is sealed.
        SEALED,
        /// The credentials are wrong or revoked, or do not allow this.
        DENIED,
        /// No answer in time.
        TIMED_OUT,
        /// The keyset cannot be read or written, or another process holds it; or the server cannot be reached.
        UNAVAILABLE;

        /// Whether waiting may heal it without anybody's doing anything to this process.
        public boolean passing() {
            return this == SEALED || this == TIMED_OUT || this == UNAVAILABLE || this == DENIED;
        }
    }

    private final Reason reason;

    public KeyManagementException(Reason reason, String sentence) {
        super(sentence);
        this.reason = reason;
    }

    public KeyManagementException(Reason reason, String sentence, Throwable cause) {
        super(sentence, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
