package dev.postern.redact.check;

import java.util.Map;

/// Finland, Sweden, Norway, Denmark, Iceland, Estonia, Lithuania, Latvia.
final class NordicIds {
    static final Map<String, Check> CHECKS = Map.ofEntries(
            Map.entry("fi-hetu", Check.of(NordicIds::hetu)),
            Map.entry("fi-business", Check.of(NordicIds::finnishBusiness)),
            Map.entry("se-personnummer", Check.of(NordicIds::personnummer)),
            Map.entry("se-organisation", Check.of(NordicIds::organisation)),
            Map.entry("no-fnr", Check.of(NordicIds::norwegian)),
            Map.entry("no-organisation", Check.of(NordicIds::norwegianOrganisation)),
            Map.entry("dk-cpr", Check.of(NordicIds::cpr)),
            Map.entry("dk-cvr", Check.of(NordicIds::cvr)),
            Map.entry("is-kennitala", Check.of(NordicIds::kennitala)),
            Map.entry("baltic-code", Check.of(NordicIds::balticCode)),
            Map.entry("lv-code", Check.of(NordicIds::latvian)));
    private static final String HETU = "0123456789ABCDEFHJKLMNPRSTUVWXY";

    private NordicIds() {}

    /// The compact form has lost `+` and `-`, which say the century.
    private static boolean hetu(String value) {
        boolean signed = value.length() == 11;
        int individual = Digits.number(value, signed ? 7 : 6, signed ? 10 : 9);
        long number = Long.parseLong(value, 0, 6, 10) * 1000 + individual;
        return individual >= 2
                && Digits.shortDate(Digits.number(value, 4, 6), Digits.number(value, 2, 4), Digits.number(value, 0, 2))
                && HETU.charAt((int) (number % 31)) == value.charAt(value.length() - 1);
    }

    private static boolean finnishBusiness(String value) {
        String digits = value.startsWith("FI") ? value.substring(2) : value;
        int rest = Digits.weighted(digits, 7, 9, 10, 5, 8, 4, 2) % 11;
        return rest != 1 && Digits.at(digits, 7) == (rest == 0 ? 0 : 11 - rest);
    }

    /// Skatteverket: Luhn over ten digits; coordination numbers add 60 to the day.
    private static boolean personnummer(String value) {
        String ten = value.substring(value.length() - 10);
        int day = Digits.number(ten, 4, 6) % 60;
        int month = Digits.number(ten, 2, 4);
        boolean date = value.length() == 12
                ? Digits.date(Digits.number(value, 0, 4), month, day)
                : Digits.shortDate(Digits.number(ten, 0, 2), month, day);
        return date && Digits.luhn(ten);
    }

    /// The third digit is 2 or more, so that no birth date looks like it.
    private static boolean organisation(String value) {
        String ten = value.substring(value.length() - 10);
        return ten.charAt(2) >= '2' && ten.charAt(0) != '0' && Digits.luhn(ten);
    }

    private static boolean norwegian(String value) {
        int first = (11 - Digits.weighted(value, 3, 7, 6, 1, 8, 9, 4, 5, 2) % 11) % 11;
        int second = (11 - Digits.weighted(value, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11) % 11;
        int day = Digits.number(value, 0, 2) % 40;
        int month = Digits.number(value, 2, 4) % 40;
        return Digits.shortDate(Digits.number(value, 4, 6), month, day)
                && first == Digits.at(value, 9)
                && second == Digits.at(value, 10);
    }

    private static boolean norwegianOrganisation(String value) {
        int check = (11 - Digits.weighted(value, 3, 2, 7, 6, 5, 4, 3, 2) % 11) % 11;
        return (value.charAt(0) == '8' || value.charAt(0) == '9') && check == Digits.at(value, 8);
    }

    /// The check digit is no longer used since 2007: the date decides.
    private static boolean cpr(String value) {
        return Digits.shortDate(
                Digits.number(value, 4, 6), Digits.number(value, 2, 4), Digits.number(value, 0, 2) % 60);
    }

    private static boolean cvr(String value) {
        String digits = value.startsWith("DK") ? value.substring(2) : value;
        return digits.charAt(0) != '0' && Digits.weighted(digits, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0;
    }

    private static boolean kennitala(String value) {
        int check = (11 - Digits.weighted(value, 3, 2, 7, 6, 5, 4, 3, 2) % 11) % 11;
        return check == Digits.at(value, 8)
                && Digits.shortDate(
                        Digits.number(value, 4, 6), Digits.number(value, 2, 4), Digits.number(value, 0, 2) % 40);
    }

    /// Estonia and Lithuania.
    private static boolean balticCode(String value) {
        int check = Digits.weighted(value, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1) % 11;
        if (check == 10) {
            check = Digits.weighted(value, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3) % 11 % 10;
        }
        return value.charAt(0) >= '1'
                && value.charAt(0) <= '8'
                && Digits.shortDate(Digits.number(value, 1, 3), Digits.number(value, 3, 5), Digits.number(value, 5, 7))
                && check == Digits.at(value, 10);
    }

    /// Codes from 32 on, given since 2017, tell no date and have no check digit.
    private static boolean latvian(String value) {
        if (value.startsWith("3") && value.charAt(1) >= '2') {
            return true;
        }
        int check = (1101 - Digits.weighted(value, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)) % 11 % 10;
        return check == Digits.at(value, 10)
                && Digits.shortDate(Digits.number(value, 4, 6), Digits.number(value, 2, 4), Digits.number(value, 0, 2));
    }
}
