package dev.postern.redacting.prompt;

/// The prompt is not what the service can redact: not JSON, not an object, or text as token numbers.
public final class PromptRefused extends Exception {
    PromptRefused() {
        super("prompt refused", null, false, false);
    }
}
