package dev.postern.redacting.engine;

/// Limits of one exchange, in bytes.
public record EngineSettings(int largestPrompt, int largestAnswer) {
    public EngineSettings {
        if (largestPrompt < 1 || largestAnswer < 1) {
            throw new IllegalArgumentException("the limits of prompt and answer must be above zero");
        }
    }
}
