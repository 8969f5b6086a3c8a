package dev.postern.redacting.detection;

import java.util.List;

/// Whole words or phrases, before or after a match, that make it likelier.
///
/// @param phrases lower case
record ContextWords(List<String> phrases) {
    private static final int BEFORE = 60;
    private static final int AFTER = 30;

    boolean near(ScannedText text, int start, int end) {
        String lower = text.lower();
        int to = Math.min(lower.length(), end + AFTER);
        return phrases.stream()
                .anyMatch(phrase -> within(lower, Math.max(0, start - BEFORE), start, phrase)
                        || within(lower, end, to, phrase)
                        || within(text.key(), 0, text.key().length(), phrase));
    }

    private static boolean within(String text, int from, int to, String phrase) {
        // Bounded on both sides: an open-ended search from every match would make the scan quadratic.
        int at = text.indexOf(phrase, from, to);
        while (at >= 0) {
            if (boundary(text, at - 1) && boundary(text, at + phrase.length())) {
                return true;
            }
            at = text.indexOf(phrase, at + 1, to);
        }
        return false;
    }

    private static boolean boundary(String text, int at) {
        return at < 0 || at >= text.length() || !Character.isLetterOrDigit(text.charAt(at));
    }
}
