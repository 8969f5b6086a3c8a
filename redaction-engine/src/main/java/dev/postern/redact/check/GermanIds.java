package dev.postern.redact.check;

import java.util.Map;
import java.util.Set;

/// Germany, Austria, Switzerland.
final class GermanIds {
    static final Map<String, Check> CHECKS = Map.ofEntries(
            Map.entry("de-tax-id", Check.of(GermanIds::taxId)),
            Map.entry("de-tax-number", Check.of(GermanIds::taxNumber)),
            Map.entry(
                    "de-vat",
                    Check.of(value -> Digits.allDigits(value, 2, 11) && Digits.mod11And10(value.substring(2)))),
            Map.entry("de-document", Check.of(GermanIds::document)),
            Map.entry("de-social-security", Check.of(GermanIds::socialSecurity)),
            Map.entry("de-health-insurance", Check.of(GermanIds::healthInsurance)),
            Map.entry("de-lanr", Check.of(GermanIds::physician)),
            Map.entry(
                    "de-bsnr",
                    Check.of(value -> GermanIds.REGIONS.contains(Digits.number(value, 0, 2)) && !Digits.same(value))),
            Map.entry(
                    "de-plz",
                    Check.of(value -> Digits.number(value, 0, 5) >= 1001 && Digits.number(value, 0, 5) < 99999)),
            Map.entry("at-social-security", Check.of(GermanIds::austrianSocialSecurity)),
            Map.entry("at-vat", Check.of(GermanIds::austrianVat)),
            Map.entry("ch-ahv", Check.of(GermanIds::ahv)),
            Map.entry("ch-uid", Check.of(GermanIds::uid)));
    /// Keys of the states and of the associations of SHI physicians.
    private static final Set<Integer> REGIONS = Set.of(
            1, 2, 3, 5, 6, 7, 8, 9, 10, 13, 17, 18, 19, 20, 21, 24, 25, 27, 28, 31, 35, 37, 38, 39, 40, 41, 42, 43, 44,
            45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71,
            72, 73, 74, 77, 78, 79, 80, 81, 83, 85, 86, 87, 88, 91, 93, 94, 95, 96, 98, 99);
    /// The offices' keys in the federal scheme of 13 digits.
    private static final Set<Integer> TAX_OFFICES =
            Set.of(10, 11, 21, 22, 23, 24, 26, 27, 28, 30, 31, 32, 40, 41, 91, 92, 93, 94, 95, 96, 97, 98, 99);

    private GermanIds() {}

    /// BZSt: no leading zero, at most one digit twice or thrice among the first ten, ISO 7064 MOD 11,10.
    private static boolean taxId(String value) {
        int[] counts = new int[10];
        int repeated = 0;
        for (int i = 0; i < 10; i++) {
            int count = ++counts[Digits.at(value, i)];
            repeated += count == 2 ? 1 : 0;
            if (count > 3) {
                return false;
            }
        }
        return value.charAt(0) != '0' && repeated <= 1 && Digits.mod11And10(value);
    }

    /// In the federal scheme: the state, or the state's offices, and a 0 in the fifth place there.
    private static boolean taxNumber(String value) {
        int prefix = Digits.number(value, 0, 2);
        return !Digits.same(value)
                && (value.length() != 13
                        || (prefix >= 1 && prefix <= 16)
                        || (TAX_OFFICES.contains(prefix) && value.charAt(4) == '0')
                        || (prefix / 10 == 5 && value.charAt(4) == '0')
                        || prefix / 10 == 9);
    }

    /// Serial numbers of passports and identity cards: ICAO 9303's check digit is their last.
    private static boolean document(String value) {
        int last = value.length() - 1;
        char check = value.charAt(last);
        return check >= '0' && check <= '9' && Digits.icao(value.substring(0, last)) == check - '0';
    }

    /// Annex 1 of the VKVV: area, birth date (day + 50 for a second number), initial, serial, check digit.
    private static boolean socialSecurity(String value) {
        int day = Digits.number(value, 2, 4);
        int month = Digits.number(value, 4, 6);
        boolean date = day > 50
                ? Digits.shortDate(Digits.number(value, 6, 8), month, day - 50)
                : Digits.shortDate(Digits.number(value, 6, 8), month, day);
        int letter = value.charAt(8) - 'A' + 1;
        String digits = value.substring(0, 8) + letter / 10 + letter % 10 + value.substring(9, 11);
        int[] weights = {2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1};
        int sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += Digits.crossSum(Digits.at(digits, i) * weights[i]);
        }
        return date && Digits.number(value, 0, 2) >= 2 && sum % 10 == Digits.at(value, 11);
    }

    /// § 290 SGB V: the letter as two digits, weights 1 and 2, cross sums.
    private static boolean healthInsurance(String value) {
        int letter = value.charAt(0) - 'A' + 1;
        String digits = "" + letter / 10 + letter % 10 + value.substring(1, 9);
        int sum = 0;
        for (int i = 0; i < 10; i++) {
            sum += Digits.crossSum(Digits.at(digits, i) * (i % 2 + 1));
        }
        return sum % 10 == Digits.at(value, 9);
    }

    /// KBV: weights 4 and 9 over six digits; the seventh is the check digit.
    private static boolean physician(String value) {
        return !Digits.same(value) && (10 - Digits.weighted(value, 4, 9, 4, 9, 4, 9) % 10) % 10 == Digits.at(value, 6);
    }

    private static boolean austrianSocialSecurity(String value) {
        int sum = Digits.weighted(value, 3, 7, 9) + Digits.weighted(value.substring(4), 5, 8, 4, 2, 1, 6);
        int month = Digits.number(value, 6, 8);
        return value.charAt(0) != '0'
                && sum % 11 == Digits.at(value, 3)
                && (month >= 13 || Digits.shortDate(Digits.number(value, 8, 10), month, Digits.number(value, 4, 6)));
    }

    private static boolean austrianVat(String value) {
        int sum = 4;
        for (int i = 0; i < 7; i++) {
            sum += Digits.crossSum(Digits.at(value, i + 3) * (i % 2 + 1));
        }
        return (10 - sum % 10) % 10 == Digits.at(value, 10);
    }

    /// EAN-13 under the country prefix 756.
    private static boolean ahv(String value) {
        int sum = Digits.weighted(value, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3);
        return value.startsWith("756") && (10 - sum % 10) % 10 == Digits.at(value, 12);
    }

    private static boolean uid(String value) {
        int check = (11 - Digits.weighted(value.substring(3), 5, 4, 3, 2, 7, 6, 5, 4) % 11) % 11;
        return check == Digits.at(value, 11);
    }
}
