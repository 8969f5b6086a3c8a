package dev.postern.redacting.detection;

import java.util.Locale;
import java.util.Set;

/// Passwords after words that announce one. "The password is required" announces none: an ordinary word after "is" is
/// taken for speech, a mixed one for a password; after `:` or `=` nearly everything is a value.
final class Passwords {
    private static final Set<String> SPEECH = Set.copyOf(Resources.lines("password-speech.txt"));
    private static final String TRAILING = ".,;:)]}\"'`>";

    private Passwords() {}

    static int acceptMixed(String text, int start, int end) {
        int cut = withoutTrailing(text, start, end);
        return cut - start >= 4 && mixed(text, start, cut) && !speech(text, start, cut) ? cut : Check.REJECTED;
    }

    static int acceptAssigned(String text, int start, int end) {
        int cut = withoutTrailing(text, start, end);
        return cut - start >= 3 && !speech(text, start, cut) ? cut : Check.REJECTED;
    }

    /// Punctuation of the sentence is not part of the password, unless nothing else would be left.
    private static int withoutTrailing(String text, int start, int end) {
        int cut = end;
        while (cut > start && TRAILING.indexOf(text.charAt(cut - 1)) >= 0) {
            cut--;
        }
        return cut;
    }

    private static boolean speech(String text, int start, int end) {
        String word = text.substring(start, end).toLowerCase(Locale.ROOT);
        return SPEECH.contains(word) || word.startsWith("[") || word.startsWith("{") || word.startsWith("<");
    }

    private static boolean mixed(String text, int start, int end) {
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (!Character.isLetter(c) && c != '\'' && c != '-') {
                return true;
            }
            if (i > start && Character.isUpperCase(c) && !Character.isUpperCase(text.charAt(i - 1))) {
                return true;
            }
        }
        return false;
    }
}
