package dev.postern.redact.scan;

/// Decides what becomes of an item that a scanner sighted at a place. Scanners may sight too much: what does not stand
/// there is left out here, for all of them alike.
final class Sightings {
    private final RuleIndex index;
    /// Whether a literal begins with two ASCII characters, in either case.
    private final boolean[] openings = new boolean[1 << 14];
    private final boolean[] firsts = new boolean[128];

    Sightings(RuleIndex index) {
        this.index = index;
        for (String literal : index.literals()) {
            if (literal.length() > 1 && literal.charAt(0) < 128 && literal.charAt(1) < 128) {
                for (char first : cases(literal.charAt(0))) {
                    firsts[first] = true;
                    for (char second : cases(literal.charAt(1))) {
                        openings[first << 7 | second] = true;
                    }
                }
            }
        }
    }

    private static char[] cases(char lower) {
        return new char[] {lower, Character.toUpperCase(lower)};
    }

    /// Whether a literal may begin here, inside a word as well.
    private boolean opens(CharSequence text, int place) {
        if (place + 1 == text.length()) {
            return false;
        }
        char first = text.charAt(place);
        char second = text.charAt(place + 1);
        return first < 128 && second < 128 && openings[first << 7 | second];
    }

    /// The same for a text that may go on.
    boolean mayOpen(CharSequence text, int place) {
        return place + 1 < text.length() ? opens(text, place) : text.charAt(place) < 128 && firsts[text.charAt(place)];
    }

    /// @param begins whether something may begin here
    void add(CharSequence text, int place, boolean begins, int item, Candidates candidates) {
        if (index.isRule(item)) {
            if (begins) {
                candidates.rule(item, place);
            }
        } else if (stands(text, place, index.word(item))) {
            word(text, place, item, candidates);
        }
    }

    void word(CharSequence text, int place, int item, Candidates candidates) {
        int end = place + index.word(item).length();
        if (!index.isPhrase(item)) {
            for (int rule : index.triggered(item)) {
                candidates.rule(rule, place);
            }
        } else if (whole(text, place, end)) {
            candidates.phrase(index.phrase(item), place, end);
        }
    }

    static boolean stands(CharSequence text, int place, String word) {
        int length = word.length();
        if (place + length > text.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = text.charAt(place + i);
            // A sign beyond ASCII is no ASCII letter, even where its lower case is: the Kelvin sign is no k.
            if (Character.toLowerCase(c) != word.charAt(i) || (c >= 128 && word.charAt(i) < 128)) {
                return false;
            }
        }
        return true;
    }

    /// Letters of scripts without blanks bound nothing: there a phrase may stand inside a longer run. `_` bounds, as in
    /// names of fields; so does a capital after a small letter.
    private static boolean whole(CharSequence text, int start, int end) {
        boolean begins = start == 0 || !joins(text.charAt(start - 1)) || Character.isUpperCase(text.charAt(start));
        return begins && (end == text.length() || !joins(text.charAt(end)) || capitalAfterSmall(text, end));
    }

    private static boolean capitalAfterSmall(CharSequence text, int end) {
        return Character.isUpperCase(text.charAt(end)) && Character.isLowerCase(text.charAt(end - 1));
    }

    private static boolean joins(char c) {
        return c != '_' && !(c >= '0' && c <= '9') && Places.inWord(c);
    }
}
