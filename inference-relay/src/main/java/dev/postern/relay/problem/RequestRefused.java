package dev.postern.relay.problem;

/// A request that cannot be served, found while it was being read or admitted.
public final class RequestRefused extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public RequestRefused(FailureCode code) {
        // No stack trace: refusals are ordinary and an attacker may cause many.
        super(code.wireName(), null, false, false);
        this.failure = Failure.of(code);
    }

    public Failure failure() {
        return failure;
    }
}
