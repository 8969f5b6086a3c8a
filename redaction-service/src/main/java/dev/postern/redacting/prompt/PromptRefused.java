package dev.postern.redacting.prompt;

/// A prompt that cannot be read or held, so that nothing of it may be sent on.
public final class PromptRefused extends Exception {
    private final boolean tooLarge;

    PromptRefused() {
        this("prompt refused", false);
    }

    private PromptRefused(String message, boolean tooLarge) {
        super(message, null, false, false);
        this.tooLarge = tooLarge;
    }

    static PromptRefused tooMuch() {
        return new PromptRefused("prompt with too much in it", true);
    }

    /// Whether it holds more leaves or values than may be kept in memory.
    public boolean tooLarge() {
        return tooLarge;
    }
}
