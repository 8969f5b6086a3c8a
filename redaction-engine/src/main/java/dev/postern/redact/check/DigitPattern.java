package dev.postern.redact.check;

import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A pattern over digits, and the first two digits of what it may match: nearly every number is ruled out by these.
///
/// @param first by their number, and [#PAIRS] for what is shorter
record DigitPattern(Pattern pattern, BitSet first) {
    private static final int PAIRS = 100;

    @SuppressWarnings("JdkObsolete") // what more digits may still become is what hitEnd() is for
    static DigitPattern of(String regex) {
        Pattern pattern = Pattern.compile(regex);
        BitSet first = new BitSet();
        Matcher matcher = pattern.matcher("");
        for (int pair = 0; pair < PAIRS; pair++) {
            boolean begins = matcher.reset("" + pair / 10 + pair % 10).lookingAt();
            first.set(pair, begins || matcher.hitEnd());
        }
        first.set(PAIRS);
        return new DigitPattern(pattern, first);
    }

    boolean isEmpty() {
        return pattern.pattern().isEmpty();
    }

    boolean mayMatch(String digits, int from) {
        return first.get(
                from + 1 < digits.length() ? (digits.charAt(from) - '0') * 10 + digits.charAt(from + 1) - '0' : PAIRS);
    }

    Matcher matcher(String digits) {
        return pattern.matcher(digits);
    }

    /// How many digits from a place on match; 0 for none.
    int length(String digits, int from) {
        if (isEmpty() || !mayMatch(digits, from)) {
            return 0;
        }
        Matcher matcher = matcher(digits).region(from, digits.length());
        return matcher.lookingAt() ? matcher.end() - from : 0;
    }

    /// Whether a match from a place on has a group: then what matches is rewritten, not stripped.
    boolean rewrites(String digits, int from) {
        if (isEmpty() || !mayMatch(digits, from)) {
            return false;
        }
        Matcher matcher = matcher(digits).region(from, digits.length());
        if (matcher.lookingAt()) {
            for (int group = 1; group <= matcher.groupCount(); group++) {
                if (matcher.start(group) >= 0) {
                    return true;
                }
            }
        }
        return false;
    }

    /// Whether the digits from a place on are a match.
    boolean matches(String digits, int from) {
        return mayMatch(digits, from)
                && matcher(digits).region(from, digits.length()).matches();
    }
}
