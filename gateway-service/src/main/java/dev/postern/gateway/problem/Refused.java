package dev.postern.gateway.problem;

/// A request, or the rest of its answer, is refused. Carries a [Failure] and nothing of the request.
///
/// It has no stack trace: a refusal is an answer, not a fault, and must stay cheap under attack.
public final class Refused extends RuntimeException {
    private final Failure failure;
    private final String sentence;

    public Refused(Failure failure) {
        this(failure, failure.sentence());
    }

    /// With another sentence than the failure's own; it goes into JSON as it is.
    public Refused(Failure failure, String sentence) {
        super(failure.code(), null, false, false);
        this.failure = failure;
        this.sentence = sentence;
    }

    String sentence() {
        return sentence;
    }

    public Failure failure() {
        return failure;
    }
}
