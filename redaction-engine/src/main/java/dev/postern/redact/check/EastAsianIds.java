package dev.postern.redact.check;

import java.util.Map;

/// Korea, Japan, China, Taiwan, Hong Kong, Singapore, Thailand, Malaysia, Indonesia, the Philippines.
final class EastAsianIds {
    static final Map<String, Check> CHECKS = Map.ofEntries(
            Map.entry("kr-rrn", Check.of(value -> koreanBirth(value, "1234"))),
            Map.entry("kr-frn", Check.of(value -> koreanBirth(value, "5678"))),
            Map.entry("kr-brn", Check.of(EastAsianIds::koreanBusiness)),
            Map.entry("kr-driver", Check.of(EastAsianIds::koreanDriver)),
            Map.entry("jp-my-number", Check.of(EastAsianIds::myNumber)),
            Map.entry("cn-resident", Check.of(EastAsianIds::chinese)),
            Map.entry("tw-id", Check.of(EastAsianIds::taiwanese)),
            Map.entry("hk-id", Check.of(EastAsianIds::hongKong)),
            Map.entry("sg-nric", Check.of(EastAsianIds::nric)),
            Map.entry("sg-uen", Check.of(EastAsianIds::uen)),
            Map.entry("th-tnin", Check.of(EastAsianIds::thai)),
            Map.entry("my-kad", Check.of(EastAsianIds::myKad)),
            Map.entry("id-nik", Check.of(EastAsianIds::nik)),
            Map.entry("ph-tin", Check.of(EastAsianIds::philippineTax)));
    private static final String UEN = "ABCDEFGHJKLMNPQRSTUVWX0123456789";

    private EastAsianIds() {}

    /// The date and the digit for sex and century; since October 2020 the rest is random, so no check digit is asked
    /// for.
    private static boolean koreanBirth(String value, String kinds) {
        return kinds.indexOf(value.charAt(6)) >= 0
                && Digits.shortDate(Digits.number(value, 0, 2), Digits.number(value, 2, 4), Digits.number(value, 4, 6));
    }

    private static boolean koreanBusiness(String value) {
        int sum = Digits.weighted(value, 1, 3, 7, 1, 3, 7, 1, 3, 5) + Digits.at(value, 8) * 5 / 10;
        return !Digits.same(value) && (10 - sum % 10) % 10 == Digits.at(value, 9);
    }

    /// The first two digits are the licensing region.
    private static boolean koreanDriver(String value) {
        int region = Digits.number(value, 0, 2);
        return region >= 11 && region <= 28;
    }

    private static boolean myNumber(String value) {
        int rest = Digits.weighted(value, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11;
        return !Digits.same(value) && Digits.at(value, 11) == (rest <= 1 ? 0 : 11 - rest);
    }

    /// GB 11643: province, birth date, ISO 7064 MOD 11-2; fifteen digits before 1999.
    private static boolean chinese(String value) {
        int province = Digits.number(value, 0, 2);
        boolean known = province >= 11 && province <= 91 && province % 10 <= 7;
        if (value.length() == 15) {
            return known
                    && Digits.date(
                            1900 + Digits.number(value, 6, 8),
                            Digits.number(value, 8, 10),
                            Digits.number(value, 10, 12));
        }
        int sum = Digits.weighted(value, 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2);
        return known
                && Digits.date(Digits.number(value, 6, 10), Digits.number(value, 10, 12), Digits.number(value, 12, 14))
                && "10X98765432".charAt(sum % 11) == value.charAt(17);
    }

    /// The letter of the city, 1 or 2 (8 or 9 for residents), weights 8 to 1.
    private static boolean taiwanese(String value) {
        int letter = "ABCDEFGHJKLMNPQRSTUVXYWZIO".indexOf(value.charAt(0)) + 10;
        int second = value.charAt(1) > '9'
                ? "ABCDEFGHJKLMNPQRSTUVXYWZIO".indexOf(value.charAt(1)) % 10
                : Digits.at(value, 1);
        int sum = letter / 10
                + letter % 10 * 9
                + second * 8
                + Digits.weighted(value.substring(2), 7, 6, 5, 4, 3, 2, 1, 1);
        return sum % 10 == 0;
    }

    private static boolean hongKong(String value) {
        boolean two = value.length() == 9;
        int sum = two
                ? (value.charAt(0) - 'A' + 10) * 9 + (value.charAt(1) - 'A' + 10) * 8
                : 36 * 9 + (value.charAt(0) - 'A' + 10) * 8;
        sum += Digits.weighted(value.substring(two ? 2 : 1), 7, 6, 5, 4, 3, 2);
        char check = value.charAt(value.length() - 1);
        return (sum + (check == 'A' ? 10 : check - '0')) % 11 == 0;
    }

    private static boolean nric(String value) {
        int sum = Digits.weighted(value.substring(1), 2, 7, 6, 5, 4, 3, 2);
        return switch (value.charAt(0)) {
            case 'S' -> "JZIHGFEDCBA".charAt(sum % 11) == value.charAt(8);
            case 'T' -> "JZIHGFEDCBA".charAt((sum + 4) % 11) == value.charAt(8);
            case 'F' -> "XWUTRQPNMLK".charAt(sum % 11) == value.charAt(8);
            case 'G' -> "XWUTRQPNMLK".charAt((sum + 4) % 11) == value.charAt(8);
            case 'M' -> "KLJNPQRTUWX".charAt(10 - (sum + 3) % 11) == value.charAt(8);
            default -> false;
        };
    }

    /// ACRA: businesses, local companies, and others by their year of issue.
    private static boolean uen(String value) {
        if (value.length() == 9) {
            return "XMKECAWLJDB".charAt(Digits.weighted(value, 10, 4, 9, 3, 8, 2, 7, 1) % 11) == value.charAt(8);
        }
        if (value.charAt(0) <= '9') {
            return "ZKCMDNERGWH".charAt(Digits.weighted(value, 10, 8, 6, 4, 9, 7, 5, 3, 1) % 11) == value.charAt(9);
        }
        int[] weights = {4, 3, 5, 3, 10, 2, 2, 5, 7};
        int sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += UEN.indexOf(value.charAt(i)) * weights[i];
        }
        return UEN.charAt(Math.floorMod(sum - 5, 11)) == value.charAt(9);
    }

    /// A kind from 1 to 8, a province of ISO 3166-2:TH, MOD 11.
    private static boolean thai(String value) {
        int province = Digits.number(value, 1, 3);
        boolean known = (province >= 10 && province <= 27)
                || (province >= 30 && province <= 49)
                || (province >= 50 && province <= 58)
                || (province >= 60 && province <= 67)
                || (province >= 70 && province <= 77)
                || (province >= 80 && province <= 86)
                || (province >= 90 && province <= 96);
        int sum = Digits.weighted(value, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2);
        return value.charAt(0) >= '1'
                && value.charAt(0) <= '8'
                && known
                && (11 - sum % 11) % 10 == Digits.at(value, 12);
    }

    private static boolean myKad(String value) {
        int place = Digits.number(value, 6, 8);
        return Digits.shortDate(Digits.number(value, 0, 2), Digits.number(value, 2, 4), Digits.number(value, 4, 6))
                && place >= 1
                && (place <= 16 || place >= 21)
                && place != 96
                && place != 97;
    }

    /// Region, and the birth date as DDMMYY with 40 added for women.
    private static boolean nik(String value) {
        int day = Digits.number(value, 6, 8);
        return Digits.number(value, 0, 2) >= 11
                && day <= 71
                && Digits.shortDate(
                        Digits.number(value, 10, 12), Digits.number(value, 8, 10), day > 40 ? day - 40 : day);
    }

    private static boolean philippineTax(String value) {
        return !Digits.same(value.substring(0, 9))
                && Digits.weighted(value, 9, 8, 7, 6, 5, 4, 3, 2) % 11 == Digits.at(value, 8);
    }
}
