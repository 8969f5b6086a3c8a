package dev.postern.redact.check;

import java.util.Map;

/// Mexico, Brazil, Argentina, Chile, Colombia, Ecuador, Peru, Uruguay.
final class LatinAmericanIds {
    static final Map<String, Check> CHECKS = Map.ofEntries(
            Map.entry("mx-curp", Check.of(LatinAmericanIds::curp)),
            Map.entry("mx-rfc", Check.of(LatinAmericanIds::rfc)),
            Map.entry("br-cpf", Check.of(LatinAmericanIds::cpf)),
            Map.entry("br-cnpj", Check.of(LatinAmericanIds::cnpj)),
            Map.entry("ar-cuit", Check.of(LatinAmericanIds::cuit)),
            Map.entry("cl-rut", Check.of(LatinAmericanIds::rut)),
            Map.entry("co-nit", Check.of(LatinAmericanIds::nit)),
            Map.entry("ec-cedula", Check.of(LatinAmericanIds::cedula)),
            Map.entry("pe-ruc", Check.of(LatinAmericanIds::ruc)),
            Map.entry("uy-ci", Check.of(LatinAmericanIds::uruguay)));
    private static final String CURP = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ";

    private LatinAmericanIds() {}

    private static boolean curp(String value) {
        int sum = 0;
        for (int i = 0; i < 17; i++) {
            sum += CURP.indexOf(value.charAt(i)) * (18 - i);
        }
        return Digits.shortDate(Digits.number(value, 4, 6), Digits.number(value, 6, 8), Digits.number(value, 8, 10))
                && (10 - sum % 10) % 10 == Digits.at(value, 17);
    }

    private static boolean rfc(String value) {
        int date = value.length() - 9;
        return Digits.shortDate(
                Digits.number(value, date, date + 2),
                Digits.number(value, date + 2, date + 4),
                Digits.number(value, date + 4, date + 6));
    }

    private static boolean cpf(String value) {
        int first = Digits.weighted(value, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10;
        int second = Digits.weighted(value, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10;
        return !Digits.same(value) && first == Digits.at(value, 9) && second == Digits.at(value, 10);
    }

    /// Since July 2026 the first twelve may be letters, which count as their code less 48.
    private static boolean cnpj(String value) {
        return !Digits.same(value) && cnpjDigit(value, 12) && cnpjDigit(value, 13);
    }

    private static boolean cnpjDigit(String value, int place) {
        int sum = 0;
        for (int i = 0; i < place; i++) {
            sum += (value.charAt(i) - '0') * (2 + (place - 1 - i) % 8);
        }
        int rest = sum % 11;
        return Digits.at(value, place) == (rest < 2 ? 0 : 11 - rest);
    }

    private static boolean cuit(String value) {
        int check = 11 - Digits.weighted(value, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11;
        return (check == 11 ? 0 : check == 10 ? 9 : check) == Digits.at(value, 10);
    }

    private static boolean rut(String value) {
        int sum = 0;
        for (int i = value.length() - 2, weight = 2; i >= 0; i--, weight = weight == 7 ? 2 : weight + 1) {
            sum += Digits.at(value, i) * weight;
        }
        return value.charAt(value.length() - 1) == "0K987654321".charAt(sum % 11);
    }

    private static boolean nit(String value) {
        int[] weights = {3, 7, 13, 17, 19, 23, 29, 37, 41, 43};
        int sum = 0;
        int last = value.length() - 1;
        for (int i = 0; i < last; i++) {
            sum += Digits.at(value, last - 1 - i) * weights[i];
        }
        int rest = sum % 11;
        return Digits.at(value, last) == (rest < 2 ? rest : 11 - rest);
    }

    private static boolean cedula(String value) {
        int province = Digits.number(value, 0, 2);
        boolean known = (province >= 1 && province <= 24) || province == 30;
        return known && Digits.at(value, 2) < 6 && Digits.luhn(value);
    }

    private static boolean ruc(String value) {
        int check = (11 - Digits.weighted(value, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11) % 10;
        return check == Digits.at(value, 10);
    }

    private static boolean uruguay(String value) {
        int sum = Digits.weighted(value, 2, 9, 8, 7, 6, 3, 4);
        return (10 - sum % 10) % 10 == Digits.at(value, 7);
    }
}
