package dev.postern.token;

import java.util.Set;
import java.util.regex.Pattern;

/// Names of models and topics, exact or by their beginning (`orders.*`).
public final class NamePattern {

    private static final int MAX_PATTERNS = 64;
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/@-]{0,127}\\*?|\\*");

    private NamePattern() {}

    /// The same patterns, if they are in order.
    ///
    /// @throws IllegalArgumentException if there are none, too many, or one of another form
    public static Set<String> checked(Set<String> patterns) {
        if (patterns.isEmpty()
                || patterns.size() > MAX_PATTERNS
                || !patterns.stream().allMatch(FORM.asMatchPredicate())) {
            throw new IllegalArgumentException(
                    "1 to 64 names of letters, digits and ._:/@-, with a * at the end or alone");
        }
        return Set.copyOf(patterns);
    }

    public static boolean anyMatches(Set<String> patterns, String name) {
        for (String pattern : patterns) {
            if (matches(pattern, name)) {
                return true;
            }
        }
        return false;
    }

    public static boolean matches(String pattern, String name) {
        return pattern.endsWith("*")
                ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                : name.equals(pattern);
    }

    /// Whether every name that a pattern of `narrower` matches is matched by one of `wider`.
    static boolean covers(Set<String> wider, Set<String> narrower) {
        return narrower.stream()
                .allMatch(narrow -> wider.stream()
                        .anyMatch(wide -> narrow.endsWith("*")
                                ? wide.endsWith("*") && narrow.startsWith(wide.substring(0, wide.length() - 1))
                                : matches(wide, narrow)));
    }
}
