package dev.postern.sts.admin;

import dev.postern.chassis.problem.InvalidMember;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// The part of a list that is asked for: `?limit=<=200&after=<cursor>`. A list is ordered by a key that does not
/// change,
/// so a page is never off by what was inserted meanwhile.
///
/// @param after the key that the page begins behind; empty for the first page
record Page(int limit, String after) {

    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 200;
    private static final int MAX_CURSOR = 512;

    /// @param filters the other parameters that the list takes
    static Page of(HttpServletRequest request, String... filters) {
        Set<String> known = Set.of(filters);
        for (Map.Entry<String, String[]> parameter : request.getParameterMap().entrySet()) {
            boolean expected = known.contains(parameter.getKey())
                    || parameter.getKey().equals("limit")
                    || parameter.getKey().equals("after");
            if (!expected || parameter.getValue().length != 1) {
                throw refused("Ask with limit, after"
                        + String.join(
                                "", known.stream().map(name -> ", " + name).toList()) + ", each at most once.");
            }
        }
        return new Page(limit(request.getParameter("limit")), cursor(request.getParameter("after")));
    }

    private static int limit(@org.jspecify.annotations.Nullable String text) {
        if (text == null) {
            return DEFAULT_LIMIT;
        }
        if (!text.matches("[1-9][0-9]{0,2}") || Integer.parseInt(text) > MAX_LIMIT) {
            throw refused("limit is a number from 1 to " + MAX_LIMIT + ".");
        }
        return Integer.parseInt(text);
    }

    private static String cursor(@org.jspecify.annotations.Nullable String text) {
        try {
            if (text == null) {
                return "";
            }
            if (text.length() > MAX_CURSOR) {
                throw refused("after is the next of an earlier page.");
            }
            return new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw refused("after is the next of an earlier page.");
        }
    }

    private static ProblemException refused(String sentence) {
        return new ProblemException(Problem.MALFORMED, List.of(new InvalidMember("", sentence)));
    }

    /// The answer, from at most `limit + 1` found in order: one more than shown says that there is a next page.
    <T> Map<String, Object> answer(List<T> found, Function<T, String> key, Function<T, Map<String, Object>> view) {
        Map<String, Object> answer = new LinkedHashMap<>();
        List<T> shown = found.size() > limit ? found.subList(0, limit) : found;
        answer.put("items", shown.stream().map(view).toList());
        if (found.size() > limit) {
            answer.put(
                    "next",
                    Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(key.apply(shown.getLast()).getBytes(StandardCharsets.UTF_8)));
        }
        return answer;
    }

    /// How many to look for.
    int wanted() {
        return limit + 1;
    }
}
