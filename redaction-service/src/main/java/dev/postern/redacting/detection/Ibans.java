package dev.postern.redacting.detection;

import java.util.Map;
import java.util.stream.Collectors;

/// ISO 13616 account numbers: a registered country, its length, and the mod-97 check. Cuts what the pattern took
/// beyond the country's length.
final class Ibans {
    private static final Map<String, Integer> LENGTHS = Resources.lines("iban-lengths.txt").stream()
            .collect(Collectors.toUnmodifiableMap(
                    line -> line.substring(0, 2),
                    line -> Integer.valueOf(line.substring(2).strip())));

    private Ibans() {}

    static int accept(String text, int start, int end) {
        StringBuilder compact = new StringBuilder(34);
        Integer length = LENGTHS.get(upper(text.charAt(start)) + "" + upper(text.charAt(start + 1)));
        if (length == null) {
            return Check.REJECTED;
        }
        for (int i = start; i < end; i++) {
            char c = upper(text.charAt(i));
            if (isAlphanumeric(c)) {
                compact.append(c);
            }
            if (compact.length() == length) {
                boolean ends = i + 1 == text.length() || !Character.isLetterOrDigit(text.charAt(i + 1));
                return ends && remainder(compact) == 1 ? i + 1 : Check.REJECTED;
            }
        }
        return Check.REJECTED;
    }

    private static int remainder(CharSequence iban) {
        int remainder = 0;
        for (int i = 0; i < iban.length(); i++) {
            int value = Character.digit(iban.charAt((i + 4) % iban.length()), 36);
            remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
        }
        return remainder;
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
    }

    private static char upper(char c) {
        return c >= 'a' && c <= 'z' ? (char) (c - 32) : c;
    }
}
