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

    /// Whether digits begin with a match.
    boolean begins(String digits, int from) {
        return mayMatch(digits, from)
                && matcher(digits).region(from, digits.length()).lookingAt();
    }

    /// Whether the digits from a place on are a match.
    boolean matches(String digits, int from) {
        return mayMatch(digits, from)
                && matcher(digits).region(from, digits.length()).matches();
    }
}
