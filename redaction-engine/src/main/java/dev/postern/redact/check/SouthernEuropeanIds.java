package dev.postern.redact.check;

import java.util.Map;

/// Italy, Spain, Portugal, Greece, Cyprus, Malta.
final class SouthernEuropeanIds {
    static final Map<String, Check> CHECKS = Map.ofEntries(
            Map.entry("it-fiscal-code", Check.of(SouthernEuropeanIds::fiscalCode)),
            Map.entry("it-vat", Check.of(SouthernEuropeanIds::italianVat)),
            Map.entry("es-nif", Check.of(SouthernEuropeanIds::nif)),
            Map.entry("es-cif", Check.of(SouthernEuropeanIds::cif)),
            Map.entry("pt-nif", Check.of(SouthernEuropeanIds::portugueseNif)),
            Map.entry("pt-cc", Check.of(SouthernEuropeanIds::citizenCard)),
            Map.entry("gr-afm", Check.of(SouthernEuropeanIds::afm)),
            Map.entry("gr-amka", Check.of(SouthernEuropeanIds::amka)),
            Map.entry("cy-tic", Check.of(SouthernEuropeanIds::cypriot)),
            Map.entry("mt-vat", Check.of(SouthernEuropeanIds::malteseVat)));
    private static final String NIF = "TRWAGMYFPDXBNJZSQVHLCKE";
    /// The odd places' values of 0-9 and A-Z, DM 12/03/1974.
    private static final int[] ODD = {
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23
    };

    private SouthernEuropeanIds() {}

    private static boolean fiscalCode(String value) {
        int sum = 0;
        for (int i = 0; i < 15; i++) {
            char c = value.charAt(i);
            int order = c <= '9' ? c - '0' : c - 'A';
            sum += i % 2 == 0 ? ODD[order] : order;
        }
        return value.charAt(15) == 'A' + sum % 26;
    }

    private static boolean italianVat(String value) {
        String digits = value.startsWith("IT") ? value.substring(2) : value;
        return !Digits.same(digits) && Digits.luhn(digits);
    }

    /// DNI, NIE (X, Y, Z count as 0, 1, 2) and the K, L, M forms.
    private static boolean nif(String value) {
        char first = value.charAt(0);
        int last = value.length() - 1;
        String digits = value.substring(0, last);
        if (first > '9') {
            int order = "XYZ".indexOf(first);
            digits = (order < 0 ? "" : String.valueOf(order)) + value.substring(1, last);
        }
        return NIF.charAt((int) (Long.parseLong(digits) % 23)) == value.charAt(last);
    }

    private static boolean cif(String value) {
        int sum = 0;
        for (int i = 1; i <= 7; i++) {
            int digit = Digits.at(value, i);
            sum += i % 2 == 1 ? Digits.crossSum(digit * 2) : digit;
        }
        int check = (10 - sum % 10) % 10;
        char given = value.charAt(8);
        return given == '0' + check || given == "JABCDEFGHI".charAt(check);
    }

    private static boolean portugueseNif(String value) {
        String digits = value.startsWith("PT") ? value.substring(2) : value;
        int rest = Digits.weighted(digits, 9, 8, 7, 6, 5, 4, 3, 2) % 11;
        return digits.charAt(0) != '0' && !Digits.same(digits) && Digits.at(digits, 8) == (rest < 2 ? 0 : 11 - rest);
    }

    private static boolean citizenCard(String value) {
        int sum = 0;
        for (int i = 0; i < 12; i++) {
            int number = Digits.alphanumeric(value.charAt(i));
            int doubled = i % 2 == 0 ? number * 2 : number;
            sum += i % 2 == 0 && doubled > 9 ? doubled - 9 : doubled;
        }
        return sum % 10 == 0;
    }

    private static boolean afm(String value) {
        String digits = value.startsWith("EL") || value.startsWith("GR") ? value.substring(2) : value;
        int sum = Digits.weighted(digits, 256, 128, 64, 32, 16, 8, 4, 2);
        return !Digits.same(digits) && sum % 11 % 10 == Digits.at(digits, 8);
    }

    private static boolean amka(String value) {
        return Digits.shortDate(Digits.number(value, 4, 6), Digits.number(value, 2, 4), Digits.number(value, 0, 2))
                && Digits.luhn(value);
    }

    private static boolean cypriot(String value) {
        String id = value.startsWith("CY") ? value.substring(2) : value;
        int[] odd = {1, 0, 5, 7, 9, 13, 15, 17, 19, 21};
        int sum = 0;
        for (int i = 0; i < 8; i++) {
            sum += i % 2 == 0 ? odd[Digits.at(id, i)] : Digits.at(id, i);
        }
        return !id.startsWith("12") && id.charAt(8) == 'A' + sum % 26;
    }

    private static boolean malteseVat(String value) {
        return Digits.weighted(value.substring(2), 3, 4, 6, 7, 8, 9, 10, 1) % 37 == 0;
    }
}
