package dev.postern.chassis.problem;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/// Which version of a resource a request may change (RFC 9110 section 13): `If-Match: "<version>"`, or
/// `If-None-Match: *` to create. Without either, nothing is changed.
public final class Preconditions {

    /// The version that something which does not exist has.
    public static final long ABSENT = 0;

    private static final Pattern TAG = Pattern.compile("\"([1-9][0-9]{0,17})\"");

    private Preconditions() {}

    /// The version that a change expects; [#ABSENT] to create.
    ///
    /// @throws ProblemException 428 without a condition, 400 with one that is not understood
    public static long expected(HttpServletRequest request) {
        List<String> match = Collections.list(request.getHeaders("If-Match"));
        List<String> noneMatch = Collections.list(request.getHeaders("If-None-Match"));
        if (match.isEmpty() && noneMatch.isEmpty()) {
            throw new ProblemException(Problem.PRECONDITION_REQUIRED);
        }
        if (match.isEmpty()
                && noneMatch.size() == 1
                && noneMatch.getFirst().strip().equals("*")) {
            return ABSENT;
        }
        var tag = TAG.matcher(match.isEmpty() ? "" : match.getFirst().strip());
        if (match.size() != 1 || !noneMatch.isEmpty() || !tag.matches()) {
            throw new ProblemException(Problem.MALFORMED);
        }
        return Long.parseLong(tag.group(1));
    }

    /// Holds an expectation against what there is.
    ///
    /// @param found the version there is; [#ABSENT] for none
    /// @throws ProblemException 404 or 412
    public static void require(long expected, long found) {
        if (expected != found) {
            throw new ProblemException(found == ABSENT ? Problem.NOT_FOUND : Problem.PRECONDITION_FAILED);
        }
    }

    /// A version as an entity tag.
    public static String tag(long version) {
        return "\"" + version + "\"";
    }
}
