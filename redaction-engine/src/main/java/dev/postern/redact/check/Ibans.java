package dev.postern.redact.check;

import dev.postern.redact.data.DataFiles;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// ISO 13616 account numbers: a registered country, its structure, and the mod-97 check. Cuts what the pattern took
/// beyond the country's length. `iban-structures.txt` says where the structures are from.
final class Ibans {
    private static final Map<String, String> STRUCTURES = DataFiles.lines(Ibans.class, "iban-structures.txt").stream()
            .collect(Collectors.toUnmodifiableMap(
                    line -> line.substring(0, 2),
                    line -> line.substring(line.indexOf(' ') + 1).strip()));

    private Ibans() {}

    static int accept(String text, int start, int end) {
        String country = text.substring(start, start + 2).toUpperCase(Locale.ROOT);
        String structure = STRUCTURES.get(country);
        if (structure == null) {
            return Check.REJECTED;
        }
        StringBuilder compact = new StringBuilder(34);
        boolean lower = Character.isLowerCase(text.charAt(start));
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (Character.isLetter(c) && Character.isLowerCase(c) != lower) {
                return Check.REJECTED;
            }
            if (Character.isLetterOrDigit(c)) {
                compact.append(Character.toUpperCase(c));
            }
            if (compact.length() == structure.length()) {
                boolean ends = i + 1 == text.length() || !Character.isLetterOrDigit(text.charAt(i + 1));
                return ends && fits(compact, structure) && valid(compact) ? i + 1 : Check.REJECTED;
            }
        }
        return Check.REJECTED;
    }

    /// `n` a digit, `a` a letter, `c` either.
    private static boolean fits(CharSequence value, String structure) {
        for (int i = 4; i < structure.length(); i++) {
            boolean digit = value.charAt(i) <= '9';
            char kind = structure.charAt(i);
            if ((kind == 'n' && !digit) || (kind == 'a' && digit)) {
                return false;
            }
        }
        return true;
    }

    private static boolean valid(CharSequence iban) {
        String turned = iban.subSequence(4, iban.length()).toString() + iban.subSequence(0, 4);
        return Digits.mod97(turned) == 1;
    }
}
