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
    /// What was looked at is not what it should be: a log, an archive, an index, a signature.
    NOT_SOUND(9);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    /// What it comes to that a service refused with this HTTP status.
    public static ExitCode ofStatus(int status) {
        return switch (status) {
            case 400, 413 -> REFUSED;
            case 401, 403 -> NOT_PERMITTED;
            case 404 -> NOT_FOUND;
            case 409 -> CONFLICT;
            default -> FAILED;
        };
    }

    public int code() {
        return code;
    }
}
