package dev.postern.cli.admin;

import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Turns a refusal (RFC 9457) into one sentence that says what was wrong and what to do.
final class AdminProblem {
    private AdminProblem() {}

    static Failure of(int status, String body) {
        String what = detail(body);
        return switch (status) {
            case 400, 413, 415, 422 -> new Failure(ExitCode.REFUSED, sentence("It was refused", what, "Mend it."));
            case 401 ->
                new Failure(
                        ExitCode.NOT_PERMITTED,
                        sentence("The token was not accepted", what, "Is the client still registered and enabled?"));
            case 403 ->
                new Failure(
                        ExitCode.NOT_PERMITTED,
                        sentence("This client may not do that", what, "Use another with --as, or grant it the scope."));
            case 404 -> new Failure(ExitCode.NOT_FOUND, sentence("There is no such thing", what, ""));
            case 409 -> new Failure(ExitCode.CONFLICT, sentence("It cannot be done as things stand", what, ""));
            case 412 ->
                new Failure(
                        ExitCode.CONFLICT,
                        sentence("Somebody changed it meanwhile", what, "Look at it again, then repeat."));
            case 428 -> new Failure(ExitCode.CONFLICT, sentence("It needs a version", what, "Give --if-match."));
            case 429, 503 ->
                new Failure(ExitCode.FAILED, sentence("The token-service cannot do it now", what, "Try again soon."));
            default ->
                new Failure(ExitCode.FAILED, sentence("The token-service answered " + status, what, "See its log."));
        };
    }

    /// `detail`, and the single faults when there are some.
    private static String detail(String body) {
        JsonNode problem = PlatformHttp.problem(body);
        List<String> parts = new ArrayList<>();
        parts.add(problem.path("detail").asString(problem.path("title").asString("")));
        for (JsonNode fault : problem.path("errors")) {
            String pointer = fault.path("pointer").asString("");
            parts.add((pointer + " " + fault.path("detail").asString("")).strip());
        }
        return String.join(" ", parts.stream().filter(part -> !part.isBlank()).toList());
    }

    private static String sentence(String what, String detail, String then) {
        String reason = detail.isEmpty() ? "." : ": " + (detail.endsWith(".") ? detail : detail + ".");
        return (what + reason + " " + then).strip();
    }
}
