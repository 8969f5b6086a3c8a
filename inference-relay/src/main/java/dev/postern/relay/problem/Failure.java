package dev.postern.relay.problem;

import dev.postern.session.StreamProblem;

/// One failed request. Holds a code and a status, never text from a client, a model or an exception.
///
/// @param status the HTTP status the client should see
public record Failure(FailureCode code, int status) {
    public static Failure of(FailureCode code) {
        return new Failure(code, code.status());
    }

    /// The model server refused the request with a 4xx of its own; only its status is passed on.
    public static Failure upstreamRejected(int status) {
        if (status < 400 || status > 499) {
            throw new IllegalArgumentException("not a client error: " + status);
        }
        return new Failure(FailureCode.UPSTREAM_REJECTED, status);
    }

    /// The content of an ERROR frame.
    public StreamProblem toStreamProblem() {
        return new StreamProblem(code.wireName(), status, code.title());
    }
}
