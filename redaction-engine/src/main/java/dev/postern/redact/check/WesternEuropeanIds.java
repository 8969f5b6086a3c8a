package dev.postern.redact.check;

import java.util.Map;

/// France, Belgium, Netherlands, Luxembourg.
final class WesternEuropeanIds {
    static final Map<String, Check> CHECKS = Map.ofEntries(
            Map.entry("fr-nir", Check.of(WesternEuropeanIds::nir)),
            Map.entry("fr-siren", Check.of(value -> !Digits.same(value) && Digits.luhn(value))),
            Map.entry("fr-siret", Check.of(WesternEuropeanIds::siret)),
            Map.entry("fr-spi", Check.of(WesternEuropeanIds::spi)),
            Map.entry("fr-vat", Check.of(WesternEuropeanIds::frenchVat)),
            Map.entry("be-national", Check.of(WesternEuropeanIds::belgian)),
            Map.entry("be-vat", Check.of(WesternEuropeanIds::belgianVat)),
            Map.entry("nl-bsn", Check.of(WesternEuropeanIds::bsn)),
            Map.entry("nl-vat", Check.of(WesternEuropeanIds::dutchVat)),
            Map.entry("lu-national", Check.of(WesternEuropeanIds::luxembourg)),
            Map.entry("lu-vat", Check.of(value -> Digits.number(value, 2, 8) % 89 == Digits.number(value, 8, 10))));

    private WesternEuropeanIds() {}

    /// INSEE: 97 less the number's remainder; Corsica's 2A and 2B count as 19 and 18.
    private static boolean nir(String value) {
        String digits = value.replace("2A", "19").replace("2B", "18");
        int month = Digits.allDigits(digits, 15) ? Digits.number(digits, 3, 5) : 0;
        boolean plausible = month >= 1 && (month <= 12 || month == 20 || (month >= 30 && month <= 42) || month >= 50);
        return plausible && 97 - Long.parseLong(digits, 0, 13, 10) % 97 == Digits.number(digits, 13, 15);
    }

    /// Luhn, but for the post office's branches, whose digits add up to a multiple of five.
    private static boolean siret(String value) {
        boolean post =
                value.startsWith("356000000") && value.chars().map(c -> c - '0').sum() % 5 == 0;
        return !Digits.same(value) && ((Digits.luhn(value) && Digits.luhn(value.substring(0, 9))) || post);
    }

    private static boolean spi(String value) {
        return value.charAt(0) <= '3' && Long.parseLong(value, 0, 10, 10) % 511 == Digits.number(value, 10, 13);
    }

    private static boolean frenchVat(String value) {
        String siren = value.substring(4);
        boolean numeric = Digits.allDigits(value, 2, 4);
        return Digits.luhn(siren)
                && (!numeric || (12 + 3 * (Integer.parseInt(siren) % 97)) % 97 == Digits.number(value, 2, 4));
    }

    /// 97 less the remainder; births from 2000 on with a 2 before.
    private static boolean belgian(String value) {
        long number = Long.parseLong(value, 0, 9, 10);
        int check = Digits.number(value, 9, 11);
        int month = Digits.number(value, 2, 4) % 20;
        return month <= 12
                && Digits.number(value, 4, 6) <= 31
                && (97 - number % 97 == check || 97 - (2_000_000_000L + number) % 97 == check);
    }

    private static boolean belgianVat(String value) {
        String digits = value.substring(value.length() - 10);
        return 97 - Long.parseLong(digits, 0, 8, 10) % 97 == Digits.number(digits, 8, 10);
    }

    /// The eleven test.
    private static boolean bsn(String value) {
        String nine = value.length() == 8 ? "0" + value : value;
        int sum = Digits.weighted(nine, 9, 8, 7, 6, 5, 4, 3, 2) - Digits.at(nine, 8);
        return !Digits.same(nine) && sum % 11 == 0;
    }

    private static boolean dutchVat(String value) {
        return bsn(value.substring(2, 11)) || Digits.mod97(value) == 1;
    }

    private static boolean luxembourg(String value) {
        return Digits.date(Digits.number(value, 0, 4), Digits.number(value, 4, 6), Digits.number(value, 6, 8))
                && Digits.luhn(value.substring(0, 12))
                && Digits.verhoeff(value.substring(0, 11) + value.charAt(12));
    }
}
