package dev.postern.redact.check;

import java.util.ArrayList;
import java.util.List;

/// Dates written with numbers only: some order of day, month and year must make one.
final class Dates {
    private Dates() {}

    static int accept(String text, int start, int end) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = start; i < end && numbers.size() < 3; i++) {
            int from = i;
            while (i < end && Character.isDigit(text.charAt(i))) {
                i++;
            }
            if (i > from) {
                numbers.add(Integer.parseInt(text, from, Math.min(i, from + 4), 10));
            }
        }
        if (numbers.size() < 3) {
            return Check.REJECTED;
        }
        int a = numbers.get(0);
        int b = numbers.get(1);
        int c = numbers.get(2);
        boolean valid = a > 31 ? day(a, b, c) || day(a, c, b) : day(c, a, b) || day(c, b, a) || day(a, b, c);
        return valid ? end : Check.REJECTED;
    }

    /// Eight digits: year first or last.
    static boolean compact(String value) {
        int first = Digits.number(value, 0, 4);
        return (first > 1231 && Digits.date(first, Digits.number(value, 4, 6), Digits.number(value, 6, 8)))
                || day(Digits.number(value, 4, 8), Digits.number(value, 2, 4), Digits.number(value, 0, 2))
                || day(Digits.number(value, 4, 8), Digits.number(value, 0, 2), Digits.number(value, 2, 4));
    }

    private static boolean day(int year, int month, int day) {
        return year < 100 ? Digits.shortDate(year, month, day) : year >= 1000 && Digits.date(year, month, day);
    }
}
