package dev.postern.gateway.problem;

/// A request, or the rest of its answer, is refused. Carries a [Failure] and nothing of the request.
///
/// It has no stack trace: a refusal is an answer, not a fault, and must stay cheap under attack.
public final class Refused extends RuntimeException {
    private final Failure failure;

    public Refused(Failure failure) {
        super(failure.code(), null, false, false);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
