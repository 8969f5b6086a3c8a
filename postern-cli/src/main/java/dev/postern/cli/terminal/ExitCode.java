package dev.postern.cli.terminal;

/// How commands end, for scripts. Anything a person has to read is on standard error.
public enum ExitCode {
    DONE(0),
    /// Something else went wrong: nobody answers, or the answer makes no sense.
    FAILED(1),
    /// The command line itself is wrong (picocli's own code).
    USAGE(2),
    /// `status`: not everything is ready.
    NOT_READY(3),
    /// There is no such thing.
    NOT_FOUND(4),
    /// The client may not do this.
    NOT_PERMITTED(5),
    /// Somebody else changed it meanwhile, or it exists already.
    CONFLICT(6),
    /// What was sent is not acceptable.
    REFUSED(7),
    /// Accepted, and now it waits for a second approver.
    WAITS_FOR_APPROVAL(8),
    /// `audit verify`: a log or an archive is not what it should be.
    NOT_SOUND(9);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
