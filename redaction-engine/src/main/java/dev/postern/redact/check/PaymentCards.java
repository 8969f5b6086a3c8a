package dev.postern.redact.check;

/// ISO/IEC 7812 card numbers: issuer prefix, length for that issuer, Luhn digit.
final class PaymentCards {
    private PaymentCards() {}

    static int accept(String text, int start, int end) {
        String digits = Digits.compact(text, start, end);
        return issued(digits) && !Digits.same(digits) && Digits.luhn(digits) ? end : Check.REJECTED;
    }

    private static boolean issued(CharSequence digits) {
        int length = digits.length();
        if (length < 12 || length > 19) {
            return false;
        }
        int four = Integer.parseInt(digits, 0, 4, 10);
        int two = four / 100;
        boolean maestro = two == 50 || (two >= 56 && two <= 69);
        return switch (four / 1000) {
            case 1 -> length == 15; // UATP, JCB
            case 2 ->
                (length == 15 && four == 2131)
                        || (length == 16 && ((four >= 2200 && four <= 2204) || (four >= 2221 && four <= 2720)));
            case 3 ->
                switch (two) {
                    case 34, 37 -> length == 15;
                    case 35 -> length >= 16 && four >= 3528 && four <= 3589;
                    case 30, 36, 38, 39 -> length >= 14;
                    default -> false;
                };
            case 4 -> length == 13 || length == 16 || length == 19;
            case 5 -> (two >= 51 && two <= 55) ? length == 16 : maestro;
            case 6 -> true; // Discover, UnionPay, Maestro, RuPay, Troy: 12 to 19
            case 8 -> (two == 81 && length >= 16) || (two == 86 && length == 15); // UnionPay, Voyager
            case 9 -> length == 16 && four >= 9792 && four <= 9794; // Troy
            default -> false;
        };
    }
}
