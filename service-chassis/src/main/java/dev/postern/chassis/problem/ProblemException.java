package dev.postern.chassis.problem;

import java.util.List;
import java.util.Map;

/// Ends a request with a [Problem]. Carries no cause and no stack trace: it is an answer, not a defect.
public final class ProblemException extends RuntimeException {
    private final transient Problem problem;
    private final transient Map<String, String> headers;
    private final transient List<InvalidMember> errors;

    public ProblemException(Problem problem) {
        this(problem, Map.of());
    }

    /// @param headers response headers that belong to the refusal, such as `WWW-Authenticate`
    public ProblemException(Problem problem, Map<String, String> headers) {
        this(problem, headers, List.of());
    }

    /// @param errors what is wrong with which member of the request
    public ProblemException(Problem problem, List<InvalidMember> errors) {
        this(problem, Map.of(), errors);
    }

    private ProblemException(Problem problem, Map<String, String> headers, List<InvalidMember> errors) {
        super(problem.code(), null, false, false);
        this.problem = problem;
        this.headers = Map.copyOf(headers);
        this.errors = List.copyOf(errors);
    }

    public Problem problem() {
        return problem;
    }

    public List<InvalidMember> errors() {
        return errors;
    }

    public Map<String, String> headers() {
        return headers;
    }
}
