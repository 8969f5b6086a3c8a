package dev.postern.redacting.rest;

import java.util.Optional;

/// What offsets count.
enum Offsets {
    /// UTF-16 code units, as Java and JavaScript count.
    UTF_16("utf-16"),
    /// Unicode code points, as Python counts.
    CODE_POINTS("code-points");

    private final String wireName;

    Offsets(String wireName) {
        this.wireName = wireName;
    }

    String wireName() {
        return wireName;
    }

    static Optional<Offsets> of(String wireName) {
        return switch (wireName) {
            case "", "utf-16" -> Optional.of(UTF_16);
            case "code-points" -> Optional.of(CODE_POINTS);
            default -> Optional.empty();
        };
    }

    /// Counts along one text. Offsets are asked for in any order; those in text order cost one pass.
    final class Counter {
        private final String text;
        private int units;
        private int points;

        Counter(String text) {
            this.text = text;
        }

        int at(int unit) {
            if (Offsets.this == UTF_16) {
                return unit;
            }
            points = unit >= units
                    ? points + text.codePointCount(units, unit)
                    : points - text.codePointCount(unit, units);
            units = unit;
            return points;
        }
    }
}
