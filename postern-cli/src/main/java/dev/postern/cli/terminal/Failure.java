package dev.postern.cli.terminal;

/// Ends a command with one sentence for people. Never holds a secret or user text.
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Failure(String sentence) {
        super(sentence);
    }

    public Failure(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
