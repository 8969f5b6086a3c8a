package dev.postern.relay.problem;

import dev.postern.session.StreamProblem;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// One failed request. Holds a code and a status, never text from a client, a model or an exception.
///
/// @param status the HTTP status the client should see
/// @param title one sentence of ours
public record Failure(FailureCode code, int status, String title) {
    private static final int MOST_KINDS = 20;
    private static final Pattern KIND = Pattern.compile("[A-Z]{2,12}");

    public static Failure of(FailureCode code) {
        return new Failure(code, code.status(), code.title());
    }

    /// The tenant's policy lets the request not pass.
    ///
    /// @param kinds of values that it blocks; whatever is no such name is left out
    public static Failure policyBlocked(List<String> kinds) {
        String named = kinds.stream()
                .filter(kind -> KIND.matcher(kind).matches())
                .limit(MOST_KINDS)
                .collect(Collectors.joining(", "));
        FailureCode code = FailureCode.POLICY_BLOCKED;
        return named.isEmpty()
                ? of(code)
                : new Failure(code, code.status(), "The tenant's policy lets no values of these kinds pass: " + named);
    }

    /// The model server refused the request with a 4xx of its own; only its status is passed on.
    public static Failure upstreamRejected(int status) {
        if (status < 400 || status > 499) {
            throw new IllegalArgumentException("not a client error: " + status);
        }
        return new Failure(FailureCode.UPSTREAM_REJECTED, status, FailureCode.UPSTREAM_REJECTED.title());
    }

    /// The content of an ERROR frame.
    public StreamProblem toStreamProblem() {
        return new StreamProblem(code.wireName(), status, title);
    }
}
