package dev.postern.redact.check;

import java.util.Map;

/// Turkey, Israel, Iran, the Gulf, Pakistan, Sri Lanka, Kazakhstan.
final class WestAsianIds {
    static final Map<String, Check> CHECKS = Map.ofEntries(
            Map.entry("tr-national-id", Check.of(WestAsianIds::turkish)),
            Map.entry("tr-tax", Check.of(WestAsianIds::turkishTax)),
            Map.entry("tr-plate", Check.of(WestAsianIds::turkishPlate)),
            Map.entry("il-id", Check.of(WestAsianIds::israeli)),
            Map.entry("ir-id", Check.of(WestAsianIds::iranian)),
            Map.entry("ae-id", Check.of(value -> Digits.luhn(value))),
            Map.entry("sa-id", Check.of(value -> Digits.luhn(value))),
            Map.entry("kw-id", Check.of(WestAsianIds::kuwaiti)),
            Map.entry("lk-nic", Check.of(WestAsianIds::sriLankan)),
            Map.entry("kz-iin", Check.of(WestAsianIds::kazakh)));

    private WestAsianIds() {}

    /// NVI: two check digits.
    private static boolean turkish(String value) {
        int odd = 0;
        int even = 0;
        for (int i = 0; i < 9; i++) {
            if (i % 2 == 0) {
                odd += Digits.at(value, i);
            } else {
                even += Digits.at(value, i);
            }
        }
        int tenth = Math.floorMod(odd * 7 - even, 10);
        int eleventh = (odd + even + tenth) % 10;
        return value.charAt(0) != '0' && tenth == Digits.at(value, 9) && eleventh == Digits.at(value, 10);
    }

    private static boolean turkishTax(String value) {
        int sum = 0;
        for (int i = 0; i < 9; i++) {
            int shifted = (Digits.at(value, i) + 9 - i) % 10;
            int term = shifted * (1 << (9 - i)) % 9;
            sum += shifted != 0 && term == 0 ? 9 : term;
        }
        return !Digits.same(value) && (10 - sum % 10) % 10 == Digits.at(value, 9);
    }

    /// Provinces 01 to 81.
    private static boolean turkishPlate(String value) {
        int province = Digits.number(value, 0, 2);
        return province >= 1 && province <= 81;
    }

    private static boolean israeli(String value) {
        String nine = "0".repeat(9 - value.length()) + value;
        return !Digits.same(nine) && Digits.luhn(nine);
    }

    private static boolean iranian(String value) {
        int rest = Digits.weighted(value, 10, 9, 8, 7, 6, 5, 4, 3, 2) % 11;
        return !Digits.same(value)
                && Digits.number(value, 3, 9) != 0
                && Digits.at(value, 9) == (rest < 2 ? rest : 11 - rest);
    }

    private static boolean kuwaiti(String value) {
        int check = 11 - Digits.weighted(value, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2) % 11;
        return Digits.shortDate(Digits.number(value, 1, 3), Digits.number(value, 3, 5), Digits.number(value, 5, 7))
                && check == Digits.at(value, 11);
    }

    /// The day of the year, with 500 added for women.
    private static boolean sriLankan(String value) {
        int day = value.length() == 10 ? Digits.number(value, 2, 5) : Digits.number(value, 4, 7);
        int plain = day > 500 ? day - 500 : day;
        return plain >= 1 && plain <= 366;
    }

    private static boolean kazakh(String value) {
        int check = Digits.weighted(value, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) % 11;
        if (check == 10) {
            check = Digits.weighted(value, 3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2) % 11;
        }
        return Digits.shortDate(Digits.number(value, 0, 2), Digits.number(value, 2, 4), Digits.number(value, 4, 6))
                && check == Digits.at(value, 11);
    }
}
