package dev.postern.redacting.detection;

/// ISO/IEC 7812 card numbers: issuer prefix, length for that issuer, Luhn digit.
final class PaymentCards {
    private PaymentCards() {}

    static int accept(String text, int start, int end) {
        StringBuilder digits = new StringBuilder(19);
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                digits.append(c);
            }
        }
        return issued(digits) && luhn(digits) ? end : Check.REJECTED;
    }

    static boolean luhn(CharSequence digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int doubled = i % 2 == 0 ? digit : digit * 2;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        return sum % 10 == 0;
    }

    private static boolean issued(CharSequence digits) {
        int length = digits.length();
        if (length < 13) {
            return false;
        }
        int four = Integer.parseInt(digits, 0, 4, 10);
        int two = four / 100;
        return switch (four / 1000) {
            case 2 -> length == 16 && four >= 2221 && four <= 2720;
            case 3 ->
                switch (two) {
                    case 34, 37 -> length == 15;
                    case 35 -> length >= 16 && four >= 3528 && four <= 3589;
                    case 30, 36, 38, 39 -> length >= 14 && length <= 19;
                    default -> false;
                };
            case 4 -> length == 13 || length == 16 || length == 19;
            case 5 -> (two <= 55 && two >= 51) ? length == 16 : (two == 50 || two >= 56);
            case 6 -> true; // Discover, UnionPay, Maestro, RuPay: every length from 13 to 19 is issued
            default -> false;
        };
    }
}
