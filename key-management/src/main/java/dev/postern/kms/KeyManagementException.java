package dev.postern.kms;

/// Key management could not do its work. The message is one sentence for an operator and holds no secret.
public final class KeyManagementException extends RuntimeException {
    public enum Reason {
        /// The wrapped value was altered, or belongs to another key or context.
        NOT_AUTHENTIC,
        /// The key was never made, or its keyset was lost.
        UNKNOWN_KEY,
        /// The key's kind does other work.
        WRONG_KIND,
        /// The keyset does not open: wrong passphrase, or altered.
        SEALED,
        /// The keyset cannot be read or written, or another process holds it.
        UNAVAILABLE
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
