package dev.postern.redact.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The checks a rule may name.
public final class Checks {
    /// Takes everything.
    public static final Check NONE = (_, _, end) -> end;

    private static final Map<String, Check> ALL = all();

    private Checks() {}

    public static Optional<Check> find(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    private static Map<String, Check> all() {
        Map<String, Check> all = new HashMap<>();
        all.put("none", NONE);
        for (Map<String, Check> group : List.of(
                GeneralChecks.CHECKS,
                SecretChecks.CHECKS,
                AmericanIds.CHECKS,
                LatinAmericanIds.CHECKS,
                BritishIds.CHECKS,
                GermanIds.CHECKS,
                WesternEuropeanIds.CHECKS,
                SouthernEuropeanIds.CHECKS,
                NordicIds.CHECKS,
                EasternEuropeanIds.CHECKS,
                IndianIds.CHECKS,
                EastAsianIds.CHECKS,
                WestAsianIds.CHECKS,
                PacificIds.CHECKS,
                AfricanIds.CHECKS)) {
            group.forEach((name, check) -> {
                if (all.put(name, check) != null) {
                    throw new IllegalStateException("the check " + name + " is defined twice");
                }
            });
        }
        return Map.copyOf(all);
    }
}
