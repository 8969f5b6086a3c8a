package dev.postern.redact.check;

import dev.postern.redact.data.DataFiles;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Tells a random token from a word, an identifier or a placeholder: by its entropy (Shannon, over its own characters),
/// by letters and digits, by long runs of one character, and by words that only placeholders hold.
final class RandomTokens {
    private static final double LEAST_BITS = 3.0;
    private static final double LEAST_ISSUED_BITS = 2.5;
    private static final int LONGEST_RUN = 5;
    private static final Pattern PARTS = Pattern.compile("[./_:-]");
    private static final Pattern WORD = Pattern.compile("(?:[A-Z]?[a-z]{2,20}){1,4}|[A-Z]{2,20}|v\\d");
    private static final List<String> PLACEHOLDERS = DataFiles.lines(RandomTokens.class, "placeholder-words.txt");

    private RandomTokens() {}

    /// A value that only its name announces.
    static int accept(String text, int start, int end) {
        boolean digit = false;
        boolean letter = false;
        for (int i = start; i < end; i++) {
            digit |= Character.isDigit(text.charAt(i));
            letter |= Character.isLetter(text.charAt(i));
        }
        return digit
                        && letter
                        && entropy(text, start, end) >= LEAST_BITS
                        && !placeholder(text, start, end)
                        && !path(text.substring(start, end))
                ? end
                : Check.REJECTED;
    }

    /// A value that its own form announces.
    static int acceptIssued(String text, int start, int end) {
        return entropy(text, start, end) >= LEAST_ISSUED_BITS && !placeholder(text, start, end) ? end : Check.REJECTED;
    }

    static int acceptHex(String text, int start, int end) {
        boolean letter = false;
        for (int i = start; i < end; i++) {
            letter |= Character.isLetter(text.charAt(i));
        }
        return letter && entropy(text, start, end) >= LEAST_ISSUED_BITS && !placeholder(text, start, end)
                ? end
                : Check.REJECTED;
    }

    /// A path, a package or a dotted name: most of its parts are words.
    private static boolean path(String value) {
        String[] parts = PARTS.split(value);
        long words = Arrays.stream(parts)
                .filter(part -> WORD.matcher(part).matches())
                .count();
        return value.startsWith("/") || (parts.length > 2 && words * 5 >= parts.length * 3L);
    }

    static boolean placeholder(String text, int start, int end) {
        int run = 1;
        for (int i = start + 1; i < end; i++) {
            run = text.charAt(i) == text.charAt(i - 1) ? run + 1 : 1;
            if (run > LONGEST_RUN) {
                return true;
            }
        }
        String lower = text.substring(start, end).toLowerCase(Locale.ROOT);
        return PLACEHOLDERS.stream().anyMatch(lower::contains);
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
