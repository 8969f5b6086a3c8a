package dev.postern.redact.check;

import java.util.Map;

/// Australia and New Zealand.
final class PacificIds {
    static final Map<String, Check> CHECKS = Map.ofEntries(
            Map.entry("au-abn", Check.of(PacificIds::abn)),
            Map.entry("au-acn", Check.of(PacificIds::acn)),
            Map.entry("au-tfn", Check.of(PacificIds::tfn)),
            Map.entry("au-medicare", Check.of(PacificIds::medicare)),
            Map.entry("nz-ird", Check.of(PacificIds::ird)),
            Map.entry("nz-nhi", Check.of(PacificIds::nhi)));

    private PacificIds() {}

    /// ABR: one less in the first place, divisible by 89.
    private static boolean abn(String value) {
        int sum = Digits.weighted(value, 10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19) - 10;
        return value.charAt(0) != '0' && sum % 89 == 0;
    }

    /// ASIC: weights 8 to 1, complement of the remainder by 10.
    private static boolean acn(String value) {
        int sum = Digits.weighted(value, 8, 7, 6, 5, 4, 3, 2, 1);
        return !Digits.same(value) && (10 - sum % 10) % 10 == Digits.at(value, 8);
    }

    private static boolean tfn(String value) {
        int sum = value.length() == 8
                ? Digits.weighted(value, 10, 7, 8, 4, 6, 3, 5, 1)
                : Digits.weighted(value, 1, 4, 3, 7, 5, 8, 6, 9, 10);
        return !Digits.same(value) && sum % 11 == 0;
    }

    /// The ninth digit checks the first eight; the tenth counts the card's issues.
    private static boolean medicare(String value) {
        int sum = Digits.weighted(value, 1, 3, 7, 9, 1, 3, 7, 9);
        return value.charAt(0) >= '2' && value.charAt(0) <= '6' && sum % 10 == Digits.at(value, 8);
    }

    private static boolean ird(String value) {
        String nine = value.length() == 8 ? "0" + value : value;
        int number = Integer.parseInt(nine);
        int first = (11 - Digits.weighted(nine, 3, 2, 7, 6, 5, 4, 3, 2) % 11) % 11;
        int check = first == 10 ? (11 - Digits.weighted(nine, 7, 4, 3, 2, 5, 2, 7, 6) % 11) % 11 : first;
        return number >= 10_000_000 && number <= 150_000_000 && check == Digits.at(nine, 8);
    }

    private static boolean nhi(String value) {
        String letters = "ABCDEFGHJKLMNPQRSTUVWXYZ";
        int sum = 0;
        for (int i = 0; i < 6; i++) {
            char c = value.charAt(i);
            sum += (c <= '9' ? c - '0' : letters.indexOf(c) + 1) * (7 - i);
        }
        char check = value.charAt(6);
        return check <= '9'
                ? sum % 11 != 0 && (11 - sum % 11) % 10 == check - '0'
                : letters.charAt(22 - sum % 23) == check || letters.charAt(Math.floorMod(23 - sum % 23, 24)) == check;
    }
}
