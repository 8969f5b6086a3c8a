package dev.postern.redact.scan;

import org.jspecify.annotations.Nullable;

/// The scanner that needs nothing but the JDK. At every place where something may begin, an automaton over the next few
/// characters tells which rules, literals and phrases may. Literals are looked for inside words as well, where their
/// first two letters stand. Nothing is allocated for what does not match.
final class PortableScanner implements CandidateScanner {
    private final RuleIndex index;
    private final PlaceAutomaton automaton;
    /// Whether a literal begins with two ASCII characters, in lower case.
    private final boolean[] openings = new boolean[1 << 14];
    private final boolean[] firsts = new boolean[128];

    PortableScanner(RuleIndex index) {
        this.index = index;
        this.automaton = new PlaceAutomaton(index.shapes());
        for (String literal : index.literals()) {
            if (literal.length() > 1 && literal.charAt(0) < 128 && literal.charAt(1) < 128) {
                openings[literal.charAt(0) << 7 | literal.charAt(1)] = true;
                firsts[literal.charAt(0)] = true;
            }
        }
    }

    /// Like [#scan] for the places from `from` on.
    ///
    /// @param frontier takes what the last characters may begin; null of a text that has ended
    void scan(CharSequence text, int from, Candidates candidates, @Nullable Frontier frontier) {
        for (int place = from; place < text.length(); place++) {
            boolean begins = Places.begins(text, place);
            if (!begins && !mayOpen(text, place)) {
                continue;
            }
            for (int item : automaton.at(text, place, frontier != null)) {
                if (index.isRule(item)) {
                    if (begins) {
                        candidates.rule(item, place);
                    }
                } else if (frontier == null) {
                    if (stands(text, place, index.word(item))) {
                        word(text, place, item, candidates);
                    }
                } else if (stands(text, place, index.word(item))) {
                    openWord(text, place, item, candidates, frontier);
                } else if (begun(text, place, index.word(item))) {
                    openBegun(place, item, frontier);
                }
            }
        }
    }

    private void openWord(CharSequence text, int place, int item, Candidates candidates, Frontier frontier) {
        if (index.isPhrase(item) && place + index.word(item).length() == text.length()) {
            // Whether it is a whole word is not known.
            frontier.phrase(place);
        } else {
            word(text, place, item, candidates);
        }
    }

    private void openBegun(int place, int item, Frontier frontier) {
        if (index.isPhrase(item)) {
            frontier.phrase(place);
            return;
        }
        for (int rule : index.triggered(item)) {
            frontier.live(place, rule);
        }
    }

    private boolean mayOpen(CharSequence text, int place) {
        return place + 1 < text.length()
                ? opens(text, place)
                : text.charAt(place) < 128 && firsts[Character.toLowerCase(text.charAt(place))];
    }

    /// Whether the text ends within the word.
    private static boolean begun(CharSequence text, int place, String word) {
        int length = text.length() - place;
        if (length >= word.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (Character.toLowerCase(text.charAt(place + i)) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void scan(CharSequence text, Candidates candidates) {
        scan(text, 0, candidates, null);
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
