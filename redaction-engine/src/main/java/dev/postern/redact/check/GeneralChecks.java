package dev.postern.redact.check;

import java.util.Map;

/// Checks of what the whole world shares.
final class GeneralChecks {
    static final Map<String, Check> CHECKS = Map.ofEntries(
            Map.entry("payment-card", PaymentCards::accept),
            Map.entry("iban", Ibans::accept),
            Map.entry("bic", Check.of(GeneralChecks::bic)),
            Map.entry("ipv4", IpAddresses::acceptV4),
            Map.entry("ipv6", IpAddresses::acceptV6),
            Map.entry("mac-address", Check.of(GeneralChecks::macAddress)),
            Map.entry("domain", Domains::accept),
            Map.entry("web-address", Domains::acceptUrl),
            Map.entry("bitcoin", CryptoAddresses::acceptBase58),
            Map.entry("bech32", CryptoAddresses::acceptBech32),
            Map.entry("ethereum", CryptoAddresses::acceptEthereum),
            Map.entry("phone-international", PhoneNumbers::acceptInternational),
            Map.entry("phone-possible", PhoneNumbers::acceptPossible),
            Map.entry("phone-national", PhoneNumbers::acceptNational),
            Map.entry("phone-anywhere", PhoneNumbers::acceptAnywhere),
            Map.entry(
                    "imei",
                    Check.of(value -> Digits.allDigits(value, 15) && !Digits.same(value) && Digits.luhn(value))),
            Map.entry("vin", Check.of(GeneralChecks::vin)),
            Map.entry("ups", Check.of(GeneralChecks::ups)),
            Map.entry("date", Dates::accept),
            Map.entry("date-compact", Check.of(Dates::compact)));

    private static final int[] VIN_WEIGHTS = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};

    private GeneralChecks() {}

    /// ISO 9362: the fifth and sixth letters are a country.
    private static boolean bic(String value) {
        return CountryCodes.contains(value.substring(4, 6));
    }

    private static boolean macAddress(String value) {
        return !Digits.same(value) || value.charAt(0) == 'F';
    }

    /// ISO 3779 with the check digit of North America and China (49 CFR 565.15).
    private static boolean vin(String value) {
        int sum = 0;
        for (int i = 0; i < 17; i++) {
            int code = "0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ".indexOf(value.charAt(i));
            if (code < 0) {
                return false;
            }
            sum += code % 10 * VIN_WEIGHTS[i];
        }
        int check = sum % 11;
        return !Digits.same(value) && value.charAt(8) == (check == 10 ? 'X' : (char) ('0' + check));
    }

    /// UPS tracking: `1Z`, 15 characters, check digit.
    private static boolean ups(String value) {
        int sum = 0;
        for (int i = 2; i < 17; i++) {
            char c = value.charAt(i);
            int number = c <= '9' ? c - '0' : (c - 'A' + 2) % 10;
            sum += i % 2 == 1 ? number * 2 : number;
        }
        return (10 - sum % 10) % 10 == Digits.at(value, 17);
    }
}
