package dev.postern.redact.check;

import java.util.Locale;
import java.util.Set;

/// ISO 3166-1 alpha-2, and Kosovo's `XK`, which banks use.
final class CountryCodes {
    private static final Set<String> CODES = Set.of(Locale.getISOCountries());

    private CountryCodes() {}

    static boolean contains(String code) {
        return CODES.contains(code) || code.equals("XK");
    }
}
