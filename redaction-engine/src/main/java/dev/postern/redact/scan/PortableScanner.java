package dev.postern.redact.scan;

/// The scanner that needs nothing but the JDK. At every place where something may begin, an automaton over the next few
/// characters tells which rules, literals and phrases may. Literals are looked for inside words as well, where their
/// first two letters stand. Nothing is allocated for what does not match.
final class PortableScanner implements CandidateScanner {
    private final RuleIndex index;
    private final PlaceAutomaton automaton;
    /// Whether a literal begins with two ASCII characters, in lower case.
    private final boolean[] openings = new boolean[1 << 14];

    PortableScanner(RuleIndex index) {
        this.index = index;
        this.automaton = new PlaceAutomaton(index.shapes());
        for (String literal : index.literals()) {
            if (literal.length() > 1 && literal.charAt(0) < 128 && literal.charAt(1) < 128) {
                openings[literal.charAt(0) << 7 | literal.charAt(1)] = true;
            }
        }
    }

    @Override
    public void scan(CharSequence text, Candidates candidates) {
        for (int place = 0; place < text.length(); place++) {
            boolean begins = Places.begins(text, place);
            if (!begins && !opens(text, place)) {
                continue;
            }
            for (int item : automaton.at(text, place)) {
                if (index.isRule(item)) {
                    if (begins) {
                        candidates.rule(item, place);
                    }
                } else if (stands(text, place, index.word(item))) {
                    word(text, place, item, candidates);
                }
            }
        }
    }

    private boolean opens(CharSequence text, int place) {
        if (place + 1 == text.length()) {
            return false;
        }
        int first = Character.toLowerCase(text.charAt(place));
        int second = Character.toLowerCase(text.charAt(place + 1));
        return first < 128 && second < 128 && openings[first << 7 | second];
    }

    private void word(CharSequence text, int place, int item, Candidates candidates) {
        int end = place + index.word(item).length();
        if (!index.isPhrase(item)) {
            for (int rule : index.triggered(item)) {
                candidates.rule(rule, place);
            }
        } else if (whole(text, place, end)) {
            candidates.phrase(index.phrase(item), place, end);
        }
    }

    private static boolean stands(CharSequence text, int place, String word) {
        if (place + word.length() > text.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (Character.toLowerCase(text.charAt(place + i)) != word.charAt(i)) {
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
