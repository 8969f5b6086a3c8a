package dev.postern.redact.check;

import java.util.Map;

/// Poland, Czechia, Slovakia, Hungary, Romania, Bulgaria, Croatia, Slovenia, Ukraine, Russia.
final class EasternEuropeanIds {
    static final Map<String, Check> CHECKS = Map.ofEntries(
            Map.entry("pl-pesel", Check.of(EasternEuropeanIds::pesel)),
            Map.entry("pl-nip", Check.of(EasternEuropeanIds::nip)),
            Map.entry("pl-regon", Check.of(EasternEuropeanIds::regon)),
            Map.entry("pl-id-card", Check.of(EasternEuropeanIds::polishCard)),
            Map.entry("cz-birth-number", Check.of(EasternEuropeanIds::birthNumber)),
            Map.entry("hu-tax-id", Check.of(EasternEuropeanIds::hungarianTax)),
            Map.entry("ro-cnp", Check.of(EasternEuropeanIds::cnp)),
            Map.entry("bg-egn", Check.of(EasternEuropeanIds::egn)),
            Map.entry("hr-oib", Check.of(value -> !Digits.same(value) && Digits.mod11And10(value))),
            Map.entry("si-tax", Check.of(EasternEuropeanIds::slovene)),
            Map.entry("yu-emso", Check.of(EasternEuropeanIds::emso)),
            Map.entry("ua-rnokpp", Check.of(EasternEuropeanIds::ukrainian)),
            Map.entry("ru-inn", Check.of(EasternEuropeanIds::inn)),
            Map.entry("ru-snils", Check.of(EasternEuropeanIds::snils)));

    private EasternEuropeanIds() {}

    /// The month tells the century: + 80 for 1800, + 20 for 2000, + 40, + 60.
    private static boolean pesel(String value) {
        int month = Digits.number(value, 2, 4);
        int check = (10 - Digits.weighted(value, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3) % 10) % 10;
        return Digits.shortDate(Digits.number(value, 0, 2), month % 20, Digits.number(value, 4, 6))
                && check == Digits.at(value, 10);
    }

    private static boolean nip(String value) {
        String digits = value.startsWith("PL") ? value.substring(2) : value;
        return !Digits.same(digits) && Digits.weighted(digits, 6, 5, 7, 2, 3, 4, 5, 6, 7) % 11 == Digits.at(digits, 9);
    }

    private static boolean regon(String value) {
        boolean first = Digits.weighted(value, 8, 9, 2, 3, 4, 5, 6, 7) % 11 % 10 == Digits.at(value, 8);
        return first
                && !Digits.same(value)
                && (value.length() == 9
                        || Digits.weighted(value, 2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8) % 11 % 10
                                == Digits.at(value, 13));
    }

    private static boolean polishCard(String value) {
        int[] weights = {7, 3, 1, 9, 7, 3, 1, 7, 3};
        int sum = 0;
        for (int i = 0; i < 9; i++) {
            sum += Digits.alphanumeric(value.charAt(i)) * weights[i];
        }
        return sum % 10 == 0;
    }

    /// Women + 50, overflow + 20 or + 70; ten digits divide by 11 (before 1985 a remainder of 10 was written 0).
    private static boolean birthNumber(String value) {
        int month = Digits.number(value, 2, 4) % 50;
        boolean date = Digits.shortDate(
                Digits.number(value, 0, 2), month > 20 ? month - 20 : month, Digits.number(value, 4, 6));
        if (!date || value.length() == 9) {
            return date && Digits.number(value, 0, 2) < 54;
        }
        long rest = Long.parseLong(value, 0, 9, 10) % 11;
        return Long.parseLong(value) % 11 == 0 || (rest == 10 && value.endsWith("0"));
    }

    private static boolean hungarianTax(String value) {
        return value.charAt(0) == '8' && Digits.weighted(value, 1, 2, 3, 4, 5, 6, 7, 8, 9) % 11 == Digits.at(value, 9);
    }

    private static boolean cnp(String value) {
        int check = Digits.weighted(value, 2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9) % 11;
        return value.charAt(0) != '0'
                && Digits.shortDate(Digits.number(value, 1, 3), Digits.number(value, 3, 5), Digits.number(value, 5, 7))
                && (check == 10 ? 1 : check) == Digits.at(value, 12);
    }

    private static boolean egn(String value) {
        int month = Digits.number(value, 2, 4) % 20;
        return Digits.shortDate(Digits.number(value, 0, 2), month, Digits.number(value, 4, 6))
                && Digits.weighted(value, 2, 4, 8, 5, 10, 9, 7, 3, 6) % 11 % 10 == Digits.at(value, 9);
    }

    private static boolean slovene(String value) {
        String digits = value.startsWith("SI") ? value.substring(2) : value;
        int check = 11 - Digits.weighted(digits, 8, 7, 6, 5, 4, 3, 2) % 11;
        return digits.charAt(0) != '0' && check != 11 && check % 10 == Digits.at(digits, 7);
    }

    private static boolean emso(String value) {
        int check = 11 - Digits.weighted(value, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11;
        return (check > 9 ? 0 : check) == Digits.at(value, 12)
                && Digits.date(
                        Digits.number(value, 4, 7) + (value.charAt(4) == '0' ? 2000 : 1000),
                        Digits.number(value, 2, 4),
                        Digits.number(value, 0, 2));
    }

    private static boolean ukrainian(String value) {
        int sum = Digits.weighted(value, -1, 5, 7, 9, 4, 6, 10, 5, 7);
        return !Digits.same(value) && Math.floorMod(sum, 11) % 10 == Digits.at(value, 9);
    }

    private static boolean inn(String value) {
        if (Digits.same(value)) {
            return false;
        }
        if (value.length() == 10) {
            return Digits.weighted(value, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10 == Digits.at(value, 9);
        }
        return Digits.weighted(value, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10 == Digits.at(value, 10)
                && Digits.weighted(value, 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10 == Digits.at(value, 11);
    }

    private static boolean snils(String value) {
        int sum = Digits.weighted(value, 9, 8, 7, 6, 5, 4, 3, 2, 1);
        return !Digits.same(value.substring(0, 9)) && sum % 101 % 100 == Digits.number(value, 9, 11);
    }
}
