package dev.postern.redact.check;

import java.util.Map;
import java.util.Set;

/// United Kingdom and Ireland.
final class BritishIds {
    static final Map<String, Check> CHECKS = Map.ofEntries(
            Map.entry("uk-nhs", Check.of(BritishIds::nhs)),
            Map.entry("uk-nino", Check.of(value -> !BritishIds.UNUSED_PREFIXES.contains(value.substring(0, 2)))),
            Map.entry("uk-driving-licence", Check.of(BritishIds::drivingLicence)),
            Map.entry("uk-utr", Check.of(BritishIds::utr)),
            Map.entry("uk-chi", Check.of(BritishIds::chi)),
            Map.entry("gb-vat", Check.of(BritishIds::vat)),
            Map.entry("ie-pps", Check.of(BritishIds::pps)));
    /// HMRC NIM39110.
    private static final Set<String> UNUSED_PREFIXES = Set.of("BG", "GB", "NK", "KN", "TN", "NT", "ZZ");

    private BritishIds() {}

    private static boolean nhs(String value) {
        int check = 11 - Digits.weighted(value, 10, 9, 8, 7, 6, 5, 4, 3, 2) % 11;
        return !Digits.same(value) && check != 10 && check % 11 == Digits.at(value, 9);
    }

    /// DVLA: five of the surname, the birth date as `YMMDDY` with 5 added to the month's tens for women.
    private static boolean drivingLicence(String value) {
        if (!Digits.allDigits(value, 5, 11)) {
            return false;
        }
        int month = Digits.number(value, 6, 8);
        int year = Digits.at(value, 5) * 10 + Digits.at(value, 10);
        return Digits.shortDate(year, month > 50 ? month - 50 : month, Digits.number(value, 8, 10));
    }

    /// HMRC: the first digit checks the other nine.
    private static boolean utr(String value) {
        int sum = Digits.weighted(value.substring(1), 6, 7, 8, 9, 10, 5, 4, 3, 2);
        return "21987654321".charAt(sum % 11) == value.charAt(0);
    }

    private static boolean chi(String value) {
        int check = (11 - Digits.weighted(value, 10, 9, 8, 7, 6, 5, 4, 3, 2) % 11) % 11;
        return check == Digits.at(value, 9)
                && Digits.shortDate(Digits.number(value, 4, 6), Digits.number(value, 2, 4), Digits.number(value, 0, 2));
    }

    private static boolean vat(String value) {
        String digits = value.startsWith("GB") || value.startsWith("XI") ? value.substring(2) : value;
        if (digits.startsWith("GD") || digits.startsWith("HA")) {
            return true;
        }
        int sum = Digits.weighted(digits, 8, 7, 6, 5, 4, 3, 2, 10, 1) % 97;
        return sum == 0 || sum == 42;
    }

    private static boolean pps(String value) {
        int sum = Digits.weighted(value, 8, 7, 6, 5, 4, 3, 2);
        if (value.length() == 9 && value.charAt(8) != 'W') {
            sum += 9 * (value.charAt(8) - 'A' + 1);
        }
        return "WABCDEFGHIJKLMNOPQRSTUV".charAt(sum % 23) == value.charAt(7);
    }
}
