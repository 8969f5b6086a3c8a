package dev.postern.redact.check;

import dev.postern.redact.data.DataFiles;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Passwords after words that announce one. "The password is required" announces none: an ordinary word after "is" is
/// taken for speech, a mixed one for a password; after `:` or `=` nearly everything is a value.
final class Passwords {
    private static final Set<String> SPEECH = Set.copyOf(DataFiles.lines(Passwords.class, "password-speech.txt"));
    private static final String MASK = "*xX•.#-_";
    private static final Pattern CALL = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]{0,60}[(\\[].{0,200}");
    /// What code and settings call a password.
    private static final Pattern IDENTIFIER = Pattern.compile(
            "(?i)[a-z_.]{0,40}(?:pass|pwd|secret|token|credential)[a-z_.]{0,40}|[a-z]{1,30}_[a-z_]{1,30}");
    private static final Pattern VARIABLE = Pattern.compile(
            "(?:self|this|config|settings|process|os|env|args|options|props|request|req)\\.[A-Za-z_.\\[\\]()'\"]{1,80}");
    private static final String TRAILING = ".,;:)]}\"'`>";

    private Passwords() {}

    static int acceptMixed(String text, int start, int end) {
        int cut = withoutTrailing(text, start, end);
        return cut - start >= 4 && mixed(text, start, cut) && !speech(text, start, cut) && !reference(text, start, cut)
                ? cut
                : Check.REJECTED;
    }

    static int acceptAssigned(String text, int start, int end) {
        int cut = withoutTrailing(text, start, end);
        return cut - start >= 3 && !speech(text, start, cut) && !reference(text, start, cut) ? cut : Check.REJECTED;
    }

    /// `user:password` of a web address: the part after the colon is no placeholder.
    static int acceptCredentials(String text, int start, int end) {
        int colon = text.indexOf(':', start, end);
        boolean secret = colon >= 0 && colon + 1 < end && "$<{[%".indexOf(text.charAt(colon + 1)) < 0;
        return secret && !mask(text, colon + 1, end) ? end : Check.REJECTED;
    }

    static int acceptUserName(String text, int start, int end) {
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
        return SPEECH.contains(text.substring(start, end).toLowerCase(Locale.ROOT));
    }

    /// What names a value kept elsewhere, a type, or a mask.
    private static boolean reference(String text, int start, int end) {
        String value = text.substring(start, end);
        boolean quoted = start > 0 && "\"'`".indexOf(text.charAt(start - 1)) >= 0;
        return mask(text, start, end)
                || "<{[".indexOf(value.charAt(0)) >= 0
                || value.startsWith("$")
                || value.startsWith("%(")
                || (!quoted && IDENTIFIER.matcher(value).matches())
                || CALL.matcher(value).matches()
                || VARIABLE.matcher(value).matches();
    }

    private static boolean mask(String text, int start, int end) {
        return text.substring(start, end).chars().allMatch(c -> MASK.indexOf(c) >= 0);
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
