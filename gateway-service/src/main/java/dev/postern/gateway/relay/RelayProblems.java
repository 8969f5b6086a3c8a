package dev.postern.gateway.relay;

import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import dev.postern.session.StreamProblem;
import java.util.regex.Pattern;

/// What a relay's problem means at the edge. Codes that nobody agreed on are failures of ours.
final class RelayProblems {
    /// As the relay writes it, and nothing else.
    private static final Pattern KINDS = Pattern.compile(
            "The tenant's policy lets no values of these kinds pass: [A-Z]{2,12}(?:, [A-Z]{2,12}){0,19}");

    private RelayProblems() {}

    /// The failure, and of what a policy blocks the relay's sentence, which names the kinds.
    static Refused refused(StreamProblem problem) {
        Failure failure = failure(problem);
        return failure == Failure.POLICY_BLOCKED
                        && KINDS.matcher(problem.title()).matches()
                ? new Refused(failure, problem.title())
                : new Refused(failure);
    }

    private static Failure failure(StreamProblem problem) {
        return switch (problem.code()) {
            case "bad-request" -> Failure.BAD_REQUEST;
            case "token-expired" -> Failure.TOKEN_EXPIRED;
            case "forbidden" -> Failure.FORBIDDEN;
            case "policy-blocked" -> Failure.POLICY_BLOCKED;
            case "unknown-model" -> Failure.UNKNOWN_MODEL;
            case "too-large" -> Failure.TOO_LARGE;
            case "restoration-unavailable" -> Failure.RESTORATION_UNAVAILABLE;
            case "revocation-unavailable" -> Failure.REVOCATION_UNAVAILABLE;
            case "redaction-unavailable" -> Failure.REDACTION_UNAVAILABLE;
            case "upstream-unavailable" -> Failure.UPSTREAM_UNAVAILABLE;
            case "upstream-timeout" -> Failure.UPSTREAM_TIMEOUT;
            case "upstream-rejected" -> rejected(problem.status());
            case "overloaded" -> Failure.OVERLOADED;
            default -> Failure.INTERNAL;
        };
    }

    private static Failure rejected(int status) {
        return switch (status) {
            case 404 -> Failure.UNKNOWN_MODEL;
            case 422 -> Failure.MODEL_UNPROCESSABLE;
            case 429 -> Failure.MODEL_BUSY;
            default -> status < 500 ? Failure.MODEL_REJECTED : Failure.UPSTREAM_UNAVAILABLE;
        };
    }
}
