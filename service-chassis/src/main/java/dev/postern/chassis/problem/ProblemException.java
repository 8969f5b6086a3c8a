package dev.postern.chassis.problem;

import java.util.Map;

/// Ends a request with a [Problem]. Carries no cause and no stack trace: it is an answer, not a defect.
public final class ProblemException extends RuntimeException {
    private final transient Problem problem;
    private final transient Map<String, String> headers;

    public ProblemException(Problem problem) {
        this(problem, Map.of());
    }

    /// @param headers response headers that belong to the refusal, such as `WWW-Authenticate`
    public ProblemException(Problem problem, Map<String, String> headers) {
        super(problem.code(), null, false, false);
        this.problem = problem;
        this.headers = Map.copyOf(headers);
    }

    public Problem problem() {
        return problem;
    }

    public Map<String, String> headers() {
        return headers;
    }
}
