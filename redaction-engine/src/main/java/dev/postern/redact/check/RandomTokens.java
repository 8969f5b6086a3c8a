package dev.postern.redact.check;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Tells a random token from a word, an identifier or a placeholder: by its entropy (Shannon, over its own characters),
/// by letters and digits, by how much of it reads as words, and by what only placeholders hold.
final class RandomTokens {
    private static final double LEAST_BITS = 3.0;
    private static final double LEAST_BITS_SHORT = 2.75;
    private static final double LEAST_ISSUED_BITS = 2.5;
    private static final int SHORT = 20;
    private static final int MOST_OF_TEN = 6;
    private static final int SHORTEST_WORD = 3;
    /// A run of letters that one would read: it has vowels and no heap of consonants.
    private static final Pattern WORD = Pattern.compile("(?<![A-Za-z0-9])[A-Z]?[a-z]{3,24}(?![a-z]|\\d{1,9}[A-Za-z])"
            + "|(?<=[a-z])[A-Z][a-z]{2,24}(?![a-z]|\\d{1,9}[A-Za-z])|(?<![A-Za-z0-9])[A-Z]{3,24}(?![a-z0-9])|v\\d");
    private static final Pattern UNREADABLE =
            Pattern.compile("(?i)[bcdfghjklmnpqrstvwxz]{5}|^[^aeiouy]{4,}$|[aeiou]{4}|q[^u]|[jxvqz]{2}");

    private static final Pattern CALL = Pattern.compile("[A-Za-z_][A-Za-z0-9_.:]{0,60}[(\\[].{0,200}");

    private RandomTokens() {}

    /// A value that only its name announces.
    static int accept(String text, int start, int end) {
        int cut = withoutTrailing(text, start, end);
        return cut - start >= 8
                        && mixed(text, start, cut)
                        && entropy(text, start, cut) >= (cut - start < SHORT ? LEAST_BITS_SHORT : LEAST_BITS)
                        && !spoken(text.substring(start, cut))
                        && !Placeholders.stands(text, start, cut)
                ? cut
                : Check.REJECTED;
    }

    /// A value that its own form announces.
    static int acceptIssued(String text, int start, int end) {
        return entropy(text, start, end) >= LEAST_ISSUED_BITS && !Placeholders.stands(text, start, end)
                ? end
                : Check.REJECTED;
    }

    /// After "Bearer" and its like. What follows "Basic" may be short, and is base64 of a name, a colon and a password.
    static int acceptHeader(String text, int start, int end) {
        return end - start >= 16
                ? accept(text, start, end)
                : nameAndPassword(text.substring(start, end)) ? end : Check.REJECTED;
    }

    private static boolean nameAndPassword(String value) {
        try {
            byte[] decoded = Base64.getDecoder().decode(value);
            return new String(decoded, StandardCharsets.US_ASCII).matches("[ -~]{1,80}:[ -~]{1,80}");
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    static int acceptHex(String text, int start, int end) {
        boolean letter = false;
        for (int i = start; i < end; i++) {
            letter |= Character.isLetter(text.charAt(i));
        }
        return letter ? acceptIssued(text, start, end) : Check.REJECTED;
    }

    private static int withoutTrailing(String text, int start, int end) {
        int cut = end;
        while (cut > start && ".,:;)".indexOf(text.charAt(cut - 1)) >= 0) {
            cut--;
        }
        return cut;
    }

    /// Letters and digits, or capitals in places where no word has them.
    private static boolean mixed(String text, int start, int end) {
        int digits = 0;
        int letters = 0;
        int turns = 0;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            digits += Character.isDigit(c) ? 1 : 0;
            letters += Character.isLetter(c) ? 1 : 0;
            boolean turn = i > start && Character.isUpperCase(c) != Character.isUpperCase(text.charAt(i - 1));
            turns += turn && Character.isLetter(c) ? 1 : 0;
        }
        return letters > 0 && (digits > 0 || (end - start >= 12 && turns * 3 >= end - start));
    }

    /// Code, an address, or words.
    private static boolean spoken(String value) {
        return (mayBeReadable(value) && readable(value))
                || value.contains("://")
                || ((value.indexOf('(') > 0 || value.indexOf('[') > 0)
                        && CALL.matcher(value).matches());
    }

    /// Whether its runs of letters could be words enough: most of random text is ruled out without a pattern.
    private static boolean mayBeReadable(String value) {
        int inRuns = 0;
        int letters = 0;
        int run = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            letters += Character.isLetterOrDigit(c) ? 1 : 0;
            boolean latin = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            boolean version = c == 'v' && i + 1 < value.length() && Character.isDigit(value.charAt(i + 1));
            run = latin ? run + 1 : 0;
            inRuns += run < SHORTEST_WORD ? 0 : run == SHORTEST_WORD ? SHORTEST_WORD : 1;
            inRuns += version ? 2 : 0;
        }
        return reads(inRuns, letters);
    }

    private static boolean reads(int inWords, int letters) {
        return inWords * 10 >= letters * MOST_OF_TEN;
    }

    /// Most of it are words: a path, a package, a sentence of hyphens, an identifier.
    private static boolean readable(String value) {
        int inWords = 0;
        int letters = 0;
        Matcher word = WORD.matcher(value);
        while (word.find()) {
            inWords +=
                    UNREADABLE.matcher(word.group()).find() ? 0 : word.group().length();
        }
        for (int i = 0; i < value.length(); i++) {
            letters += Character.isLetterOrDigit(value.charAt(i)) ? 1 : 0;
        }
        return reads(inWords, letters);
    }

    static double entropy(String text, int start, int end) {
        int[] counts = new int[128];
        for (int i = start; i < end; i++) {
            counts[text.charAt(i) & 127]++;
        }
        double bits = 0;
        double length = end - start;
        for (int count : counts) {
            if (count > 0) {
                bits -= count / length * (Math.log(count / length) / Math.log(2));
            }
        }
        return bits;
    }
}
