package dev.postern.redact.name;

/// A model of names that cannot be used. The message is one sentence that says what to do, and holds no text of
/// anybody.
public final class UnusableNameModel extends RuntimeException {
    public UnusableNameModel(String message) {
        super(message);
    }

    public UnusableNameModel(String message, Throwable cause) {
        super(message, cause);
    }
}
