package dev.postern.cli.terminal;

/// Ends a command with one sentence for people and a code for scripts. Never holds a secret or user text.
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ExitCode code;

    public Failure(String sentence) {
        this(ExitCode.FAILED, sentence);
    }

    public Failure(ExitCode code, String sentence) {
        super(sentence);
        this.code = code;
    }

    public Failure(String sentence, Throwable cause) {
        super(sentence, cause);
        this.code = ExitCode.FAILED;
    }

    public ExitCode code() {
        return code;
    }
}
