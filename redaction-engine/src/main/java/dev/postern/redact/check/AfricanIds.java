package dev.postern.redact.check;

import java.util.Map;

/// South Africa, Nigeria, Egypt.
final class AfricanIds {
    static final Map<String, Check> CHECKS = Map.ofEntries(
            Map.entry("za-id", Check.of(AfricanIds::southAfrican)),
            Map.entry("ng-nin", Check.of(value -> !Digits.same(value) && Digits.verhoeff(value))),
            Map.entry("eg-id", Check.of(AfricanIds::egyptian)));

    private AfricanIds() {}

    /// Birth date, sex, citizen 0, permanent resident 1 or refugee 2, Luhn.
    private static boolean southAfrican(String value) {
        return value.charAt(10) <= '2'
                && Digits.shortDate(Digits.number(value, 0, 2), Digits.number(value, 2, 4), Digits.number(value, 4, 6))
                && Digits.luhn(value);
    }

    private static boolean egyptian(String value) {
        int century = value.charAt(0) == '2' ? 1900 : 2000;
        int governorate = Digits.number(value, 7, 9);
        return Digits.date(century + Digits.number(value, 1, 3), Digits.number(value, 3, 5), Digits.number(value, 5, 7))
                && (governorate <= 35 || governorate == 88)
                && governorate >= 1;
    }
}
