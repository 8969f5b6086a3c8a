package dev.postern.redact.check;

import dev.postern.redact.data.DataFiles;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Passwords after words that announce one. "The password is required" announces none: an ordinary word after "is" is
/// taken for speech, a mixed one for a password; after `:` or `=` nearly everything is a value.
final class Passwords {
    private static final Set<String> SPEECH = Set.copyOf(DataFiles.lines(Passwords.class, "password-speech.txt"));
    private static final Pattern CALL = Pattern.compile("[A-Za-z_][A-Za-z0-9_.:]{0,60}[(\\[].{0,200}");
    /// What code and settings call a password.
    private static final Pattern IDENTIFIER = Pattern.compile(
            "(?i)[a-z_.]{0,40}(?:pass|pwd|secret|token|credential)[a-z_.]{0,40}|[a-z]{1,30}_[a-z_]{1,30}");
    /// What stands between quotes and is the name of a setting.
    private static final Pattern SETTING = Pattern.compile("[a-z]{2,20}(?:[._][a-z]{2,20}){2,6}");
    private static final Pattern VARIABLE = Pattern.compile(
            "(?:self|this|config|settings|process|os|env|args|options|props"
                    + "|request|req|var|local|data|module|each|input|params|form|ctx|user)\\.[A-Za-z_.\\[\\]()'\"]{1,80}");
    private static final Pattern NAMED_TYPE = Pattern.compile("[A-Z][a-z]+[A-Z][A-Za-z]*|[A-Z][a-z]+");
    private static final Pattern ESCAPED = Pattern.compile("%[0-9A-Fa-f]{2}");
    private static final Pattern CAPITALS = Pattern.compile("[A-Z_-]+");
    private static final Pattern CODE = Pattern.compile("[={}()<>|]");
    private static final Pattern WORDS = Pattern.compile("[ ]+");
    /// Four words or more, and none of those that join words in speech: "state-of-the-art".
    private static final Pattern PASSPHRASE = Pattern.compile(
            "(?!.*-(?:of|to|the|and|a|an|in|on|by|per|de|la|le|y|und)-)[a-z]{3,12}(?:-[a-z]{3,12}){3,7}");
    private static final int MOST_WORDS = 8;
    private static final String TRAILING = ".,;:)]}\"'`>";

    private Passwords() {}

    static int acceptMixed(String text, int start, int end) {
        int cut = withoutTrailing(text, start, end);
        boolean value = mixed(text, start, cut) && !speech(text, start, cut) && !reference(text, start, cut);
        return cut - start >= 4 && value && !type(text, start, cut) ? cut : Check.REJECTED;
    }

    /// After a word that announces a password and nothing that says "now it comes": no word of any language.
    static int acceptStrong(String text, int start, int end) {
        int cut = acceptMixed(text, start, end);
        return cut >= start + 5 && strong(text, start, cut) ? cut : Check.REJECTED;
    }

    static int acceptAssigned(String text, int start, int end) {
        int cut = withoutTrailing(text, start, end);
        boolean value = !speech(text, start, cut) && !reference(text, start, cut) && !type(text, start, cut);
        return cut - start >= 3 && value && !text.startsWith("...", cut) ? cut : Check.REJECTED;
    }

    /// After a short name such as "pass", which has other meanings: what stands between quotes
    /// or touches the `=`, or a mixed word.
    static int acceptShort(String text, int start, int end) {
        boolean value = quoted(text, start) || (start > 0 && "=>".indexOf(text.charAt(start - 1)) >= 0);
        return value ? acceptAssigned(text, start, end) : acceptMixed(text, start, end);
    }

    /// In a list of hosts or users, which announces nothing: letters and digits.
    static int acceptLogin(String text, int start, int end) {
        boolean digit = text.substring(start, end).chars().anyMatch(Character::isDigit);
        return digit ? acceptStrong(text, start, end) : Check.REJECTED;
    }

    /// Several words between quotes: none of them speaks about passwords.
    static int acceptPhrase(String text, int start, int end) {
        String value = text.substring(start, end);
        String[] words = WORDS.split(value, -1);
        if (words.length < 2 || words.length > MOST_WORDS || value.startsWith(" ") || value.endsWith(" ")) {
            return Check.REJECTED;
        }
        for (String word : words) {
            String lower = word.toLowerCase(Locale.ROOT);
            if (SPEECH.contains(lower)
                    || Placeholders.vocabulary(word)
                    || ".,:?".indexOf(word.charAt(word.length() - 1)) >= 0) {
                return Check.REJECTED;
            }
        }
        return reference(text, start, end) || CODE.matcher(value).find() ? Check.REJECTED : end;
    }

    /// `user:password` of a web address: the part after the colon is no placeholder.
    static int acceptCredentials(String text, int start, int end) {
        int colon = text.indexOf(':', start, end);
        if (colon < 0 || colon + 1 == end) {
            return Check.REJECTED;
        }
        String user = text.substring(start, colon);
        String password = text.substring(colon + 1, end);
        boolean words = Placeholders.vocabulary(password);
        boolean placeholder = ("$<{[%".indexOf(password.charAt(0)) >= 0
                        && !ESCAPED.matcher(password).lookingAt())
                || Placeholders.mask(password)
                || (words
                        && (Placeholders.vocabulary(user)
                                || CAPITALS.matcher(password).matches()));
        return placeholder ? Check.REJECTED : end;
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
        boolean quoted = quoted(text, start);
        return Placeholders.stands(text, start, end)
                || (!quoted && IDENTIFIER.matcher(value).matches())
                || SETTING.matcher(value).matches()
                || CALL.matcher(value).matches()
                || VARIABLE.matcher(value).matches();
    }

    private static boolean quoted(String text, int start) {
        return start > 0 && "\"'`".indexOf(text.charAt(start - 1)) >= 0;
    }

    /// A type in a list of parameters.
    private static boolean type(String text, int start, int end) {
        return end < text.length()
                && text.charAt(end) == ')'
                && !quoted(text, start)
                && NAMED_TYPE.matcher(text.substring(start, end)).matches();
    }

    private static boolean mixed(String text, int start, int end) {
        if (PASSPHRASE.matcher(text.substring(start, end)).matches()) {
            return true;
        }
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

    /// Letters with digits or signs between or after them, or with capitals all over.
    private static boolean strong(String text, int start, int end) {
        int letters = 0;
        int others = 0;
        int capitals = 0;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            letters += Character.isLetter(c) ? 1 : 0;
            boolean sign = "!@#$%^&*+=?~".indexOf(c) >= 0 && (i + 1 < end || "!?".indexOf(c) < 0);
            others += Character.isDigit(c) || sign ? 1 : 0;
            capitals += i > start && Character.isUpperCase(c) && !Character.isUpperCase(text.charAt(i - 1)) ? 1 : 0;
        }
        return letters > 0 && (others > 0 || capitals > 1);
    }
}
