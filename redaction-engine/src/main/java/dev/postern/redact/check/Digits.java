package dev.postern.redact.check;

import java.time.DateTimeException;
import java.time.LocalDate;

/// The arithmetic of check digits. Arguments hold ASCII digits where digits are asked for.
final class Digits {
    private static final String ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final int[][] VERHOEFF_PRODUCT = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 3, 4, 0, 6, 7, 8, 9, 5}, {2, 3, 4, 0, 1, 7, 8, 9, 5, 6},
        {3, 4, 0, 1, 2, 8, 9, 5, 6, 7}, {4, 0, 1, 2, 3, 9, 5, 6, 7, 8}, {5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
        {6, 5, 9, 8, 7, 1, 0, 4, 3, 2}, {7, 6, 5, 9, 8, 2, 1, 0, 4, 3}, {8, 7, 6, 5, 9, 3, 2, 1, 0, 4},
        {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}
    };
    private static final int[][] VERHOEFF_PERMUTATION = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 5, 7, 6, 2, 8, 3, 0, 9, 4}, {5, 8, 0, 3, 7, 9, 6, 1, 4, 2},
        {8, 9, 1, 6, 0, 4, 3, 5, 2, 7}, {9, 4, 5, 3, 1, 2, 6, 8, 7, 0}, {4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
        {2, 7, 9, 3, 8, 0, 6, 4, 1, 5}, {7, 0, 4, 6, 9, 1, 3, 2, 5, 8}
    };

    private Digits() {}

    static String compact(String text, int start, int end) {
        StringBuilder compact = new StringBuilder(end - start);
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')) {
                compact.append(c);
            } else if (c >= 'a' && c <= 'z') {
                compact.append((char) (c - 32));
            }
        }
        return compact.toString();
    }

    static boolean allDigits(String value, int length) {
        return value.length() == length && allDigits(value, 0, length);
    }

    static boolean allDigits(String value, int from, int to) {
        if (to > value.length()) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /// The digit at a place.
    static int at(String value, int place) {
        return value.charAt(place) - '0';
    }

    static int number(String value, int from, int to) {
        return Integer.parseInt(value, from, to, 10);
    }

    /// 0 to 9 for digits, 10 to 35 for letters.
    static int alphanumeric(char c) {
        return ALPHANUMERIC.indexOf(c);
    }

    /// One digit all over: `000000000` passes many checks and is nobody's number.
    static boolean same(String value) {
        return value.chars().allMatch(c -> c == value.charAt(0));
    }

    /// The sum of the first digits, each times its weight.
    static int weighted(String value, int... weights) {
        int sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += at(value, i) * weights[i];
        }
        return sum;
    }

    /// The digits of a number added up, for checks that "cast out" products above nine.
    static int crossSum(int number) {
        return number / 10 + number % 10;
    }

    /// ISO/IEC 7812-1, annex B; the last digit is the check digit.
    static boolean luhn(CharSequence digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int doubled = i % 2 == 0 ? digit : digit * 2;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        return sum % 10 == 0;
    }

    static boolean verhoeff(CharSequence digits) {
        int check = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            check = VERHOEFF_PRODUCT[check][VERHOEFF_PERMUTATION[i % 8][digit]];
        }
        return check == 0;
    }

    /// ISO/IEC 7064 MOD 11,10 over digits.
    static boolean mod11And10(CharSequence digits) {
        int product = 10;
        for (int i = 0; i < digits.length() - 1; i++) {
            int sum = (digits.charAt(i) - '0' + product) % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }
        return (product + digits.charAt(digits.length() - 1) - '0') % 10 == 1;
    }

    /// The remainder by 97 of digits and letters (10 to 35), as ISO 7064 MOD 97-10 reads them.
    static int mod97(CharSequence value) {
        int remainder = 0;
        for (int i = 0; i < value.length(); i++) {
            int digit = alphanumeric(value.charAt(i));
            remainder = (remainder * (digit > 9 ? 100 : 10) + digit) % 97;
        }
        return remainder;
    }

    /// ICAO 9303's check digit: weights 7, 3, 1 over digits and letters.
    static int icao(CharSequence value) {
        int sum = 0;
        for (int i = 0; i < value.length(); i++) {
            sum += alphanumeric(value.charAt(i)) * (i % 3 == 0 ? 7 : i % 3 == 1 ? 3 : 1);
        }
        return sum % 10;
    }

    static boolean date(int year, int month, int day) {
        if (month < 1 || month > 12 || day < 1 || day > 31) {
            return false;
        }
        try {
            LocalDate.of(year, month, day);
            return true;
        } catch (DateTimeException _) {
            return false;
        }
    }

    /// A date whose century is not known: 29 February passes when one of the centuries had it.
    static boolean shortDate(int year, int month, int day) {
        return date(2000 + year, month, day) || date(1900 + year, month, day);
    }
}
