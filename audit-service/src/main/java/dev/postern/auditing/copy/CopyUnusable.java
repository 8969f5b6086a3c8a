package dev.postern.auditing.copy;

/// The second store cannot be used as it is configured. The message is one sentence that says what to do.
public final class CopyUnusable extends RuntimeException {
    private static final long serialVersionUID = 1;

    CopyUnusable(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
