package dev.postern.redact.pack;

/// A rule pack that cannot be used; the message names the rule and what is wrong with it. Thrown at start only.
public final class InvalidRulePack extends RuntimeException {
    public InvalidRulePack(String message) {
        super(message);
    }

    public InvalidRulePack(String message, Throwable cause) {
        super(message, cause);
    }
}
