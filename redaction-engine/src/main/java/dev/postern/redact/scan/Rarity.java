package dev.postern.redact.scan;

import dev.postern.redact.pack.PatternShape;
import dev.postern.redact.pack.PatternShape.One;

/// How seldom prose holds what a pattern asks for, in points. Whatever it says costs or saves time only.
final class Rarity {
    /// A digit, two capitals or signs, four given letters: seldom enough to look closer.
    static final int ENOUGH = 4;

    private static final One COMMON = One.of("az  ");
    private static final One DIGIT = One.of("09");

    private Rarity() {}

    static int of(One one) {
        if (one.other()) {
            return 0;
        }
        if (!one.and(COMMON).isEmpty()) {
            // One letter in either case is worth something, one of many is not.
            return one.inAscii() <= 2 ? 1 : 0;
        }
        return one.within(DIGIT) ? ENOUGH : ENOUGH / 2;
    }

    /// What a match holds at least.
    static int of(PatternShape shape) {
        return switch (shape) {
            case One one -> of(one);
            case PatternShape.All all ->
                all.parts().stream().mapToInt(Rarity::of).sum();
            case PatternShape.Either either ->
                either.options().stream().mapToInt(Rarity::of).min().orElse(0);
            case PatternShape.Times times -> times.least() * of(times.part());
        };
    }
}
