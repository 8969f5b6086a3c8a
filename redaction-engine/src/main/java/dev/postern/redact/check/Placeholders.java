package dev.postern.redact.check;

import dev.postern.redact.data.DataFiles;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// What stands where a secret would: masks, references to a value that is kept elsewhere, paths, and words such as
/// "your key here".
final class Placeholders {
    private static final String MASK = "*xX•.#-_?";
    private static final int LONGEST_RUN = 5;
    /// What no random value holds by chance.
    private static final List<String> PARTS = DataFiles.lines(Placeholders.class, "placeholder-words.txt");
    /// Words that together make a placeholder, and nothing else.
    private static final Set<String> WORDS =
            Set.copyOf(DataFiles.lines(Placeholders.class, "placeholder-vocabulary.txt"));
    private static final Pattern REFERENCE = Pattern.compile(
            "\\$(?:[({].*|\\$?[A-Za-z_]\\w*(?:(?:[\\[.(]|->|::).*)?|\\d)"
                    + "|%(?:\\([\\w.]+\\)[sd]?|[A-Za-z_]+%|[sdv])"
                    + "|[<{\\[].*|\\([A-Za-z]*|\\d{1,3}(?:\\.\\d{1,3})?%"
                    + "|#\\{.*|@[\\w.-]+@|!(?:vault|ref|secret|sub|env|include|getatt).*|:[a-z_]+"
                    + "|(?:(?:ref\\+)?vault|op|arn|env|file|secret|ssm|kms|keyring|secretsmanager|data|os\\.environ)[:/].*"
                    + "|ENC\\[.*|[a-z]+://[^@]*|(?:~|\\.{1,2}|[A-Za-z]:)?[/\\\\][\\w.-]*[A-Za-z][\\w.-]*(?:[/\\\\][\\w.-]*)*");
    private static final Pattern SIGNS = Pattern.compile("[^A-Za-z]+|(?<=[a-z])(?=[A-Z])");

    private Placeholders() {}

    static boolean stands(String text, int start, int end) {
        if (run(text, start, end)) {
            return true;
        }
        String value = text.substring(start, end);
        String lower = value.toLowerCase(Locale.ROOT);
        return holdsPart(lower) || mask(value) || reference(value) || vocabulary(value);
    }

    private static boolean holdsPart(String lower) {
        for (String part : PARTS) {
            if (lower.contains(part)) {
                return true;
            }
        }
        return false;
    }

    static boolean mask(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (MASK.indexOf(value.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    /// One character again and again. Some issued tokens hold a few of them.
    private static boolean run(String text, int start, int end) {
        int run = 1;
        int longest = 1;
        for (int i = start + 1; i < end; i++) {
            run = text.charAt(i) == text.charAt(i - 1) ? run + 1 : 1;
            longest = Math.max(longest, run);
        }
        return longest > LONGEST_RUN && longest * 4 > end - start;
    }

    private static boolean reference(String value) {
        // Base64 may begin with a slash, too.
        boolean path = value.length() < 40 || value.indexOf('.') >= 0 || value.indexOf('_') >= 0;
        return (value.charAt(0) != '/' || path) && REFERENCE.matcher(value).matches();
    }

    /// Whether it is made of such words, and no digit.
    static boolean vocabulary(String value) {
        if (value.chars().anyMatch(Character::isDigit)) {
            return false;
        }
        int words = 0;
        for (String word : SIGNS.split(value, -1)) {
            if (!word.isEmpty()) {
                if (!WORDS.contains(word.toLowerCase(Locale.ROOT))) {
                    return false;
                }
                words++;
            }
        }
        return words > 0;
    }
}
