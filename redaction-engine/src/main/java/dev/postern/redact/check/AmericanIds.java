package dev.postern.redact.check;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// United States and Canada.
final class AmericanIds {
    static final Map<String, Check> CHECKS = Map.ofEntries(
            Map.entry("us-ssn", Check.of(AmericanIds::socialSecurity)),
            Map.entry("us-itin", Check.of(AmericanIds::itin)),
            Map.entry("us-aba", Check.of(AmericanIds::routing)),
            Map.entry("us-npi", Check.of(AmericanIds::npi)),
            Map.entry("us-dea", Check.of(AmericanIds::dea)),
            Map.entry("us-bank", Check.of(value -> !Digits.same(value))),
            Map.entry("us-ein", Check.of(value -> AmericanIds.EIN_PREFIXES.contains(Digits.number(value, 0, 2)))),
            Map.entry("ca-sin", Check.of(AmericanIds::sin)),
            Map.entry("ca-bn", Check.of(value -> Digits.luhn(value.substring(0, 9)) && !Digits.same(value))),
            Map.entry("ca-health-on", Check.of(value -> Digits.luhn(value.substring(0, 10)))));

    /// Numbers that the SSA has said are invalid because they were printed.
    private static final Set<String> PRINTED = Set.of("078051120", "219099999", "457555462");
    private static final Set<Integer> EIN_PREFIXES = einPrefixes();

    private AmericanIds() {}

    /// Area 001-665 or 667-899, group 01-99, serial 0001-9999.
    private static boolean socialSecurity(String value) {
        int area = Digits.number(value, 0, 3);
        boolean issuable = area != 0
                && area != 666
                && area < 900
                && Digits.number(value, 3, 5) != 0
                && Digits.number(value, 5, 9) != 0;
        return issuable && !PRINTED.contains(value) && !Digits.same(value);
    }

    /// IRS: 9xx, and 50-65, 70-88, 90-92 or 94-99 in the middle.
    private static boolean itin(String value) {
        int group = Digits.number(value, 3, 5);
        return value.charAt(0) == '9' && group >= 50 && group != 89 && group != 93 && !(group > 65 && group < 70);
    }

    /// ABA: a Federal Reserve district, weights 3, 7, 1.
    private static boolean routing(String value) {
        int district = Digits.number(value, 0, 2);
        boolean known = district <= 12
                || (district >= 21 && district <= 32)
                || (district >= 61 && district <= 72)
                || district == 80;
        return known && !Digits.same(value) && Digits.weighted(value, 3, 7, 1, 3, 7, 1, 3, 7, 1) % 10 == 0;
    }

    /// CMS: Luhn after the prefix 80840.
    private static boolean npi(String value) {
        return Digits.luhn("80840" + value);
    }

    private static boolean dea(String value) {
        int odd = Digits.at(value, 2) + Digits.at(value, 4) + Digits.at(value, 6);
        int even = Digits.at(value, 3) + Digits.at(value, 5) + Digits.at(value, 7);
        return (odd + 2 * even) % 10 == Digits.at(value, 8);
    }

    /// Service Canada: Luhn; none begins with 0 or 8.
    private static boolean sin(String value) {
        return value.charAt(0) != '0' && value.charAt(0) != '8' && !Digits.same(value) && Digits.luhn(value);
    }

    private static Set<Integer> einPrefixes() {
        Set<Integer> unused = Set.of(0, 7, 8, 9, 17, 18, 19, 28, 29, 49, 69, 70, 78, 79, 89, 96, 97);
        return IntStream.range(0, 100)
                .boxed()
                .filter(prefix -> !unused.contains(prefix))
                .collect(Collectors.toUnmodifiableSet());
    }
}
