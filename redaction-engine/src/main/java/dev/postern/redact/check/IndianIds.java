package dev.postern.redact.check;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// India.
final class IndianIds {
    static final Map<String, Check> CHECKS = Map.ofEntries(
            Map.entry("in-aadhaar", Check.of(IndianIds::aadhaar)),
            Map.entry("in-gstin", Check.of(IndianIds::gstin)),
            Map.entry(
                    "in-vehicle",
                    Check.of(value -> IndianIds.STATES.contains(value.substring(0, 2)) && !value.endsWith("0000"))));
    /// MoRTH's codes of states and union territories, the old ones too.
    private static final Set<String> STATES = Arrays.stream(
                    ("AN AP AR AS BR CG CH CT DD DH DL DN GA GJ HP HR JH JK KA KL LA LD MH ML MN MP MZ NL OD OR PB PY"
                                    + " RJ SK TG TN TR TS UA UK UL UP UT WB")
                            .split(" "))
            .collect(Collectors.toUnmodifiableSet());

    private IndianIds() {}

    /// UIDAI: Verhoeff, no leading 0 or 1, no palindrome.
    private static boolean aadhaar(String value) {
        return value.charAt(0) >= '2'
                && !new StringBuilder(value).reverse().toString().equals(value)
                && Digits.verhoeff(value);
    }

    /// State 01 to 37, 97 or 99; the check character is left out: many texts carry specimens without it.
    private static boolean gstin(String value) {
        int state = Digits.number(value, 0, 2);
        return (state >= 1 && state <= 37) || state == 97 || state == 99;
    }
}
