package dev.postern.redact.scan;

import dev.postern.redact.pack.PatternShape;
import dev.postern.redact.pack.PatternShape.All;
import dev.postern.redact.pack.PatternShape.Either;
import dev.postern.redact.pack.PatternShape.One;
import dev.postern.redact.pack.PatternShape.Times;
import java.util.Optional;

/// The first digit that every match of a pattern holds. Where a match begins, a number begins there or after it, and no
/// farther away than this digit.
///
/// @param farthest characters before it, at most
/// @param before what they may be
record Digit(int farthest, One before) {
    /// A digit that may be farther away is none that a place is looked for by.
    static final int FARTHEST = 6;

    private static final One DIGITS = One.of("09");
    private static final One NONE = One.of("");

    /// Empty when a match may hold none, or none that is near.
    static Optional<Digit> near(PatternShape pattern) {
        return in(pattern, new Digit(0, NONE)).filter(digit -> digit.farthest <= FARTHEST);
    }

    private static Optional<Digit> in(PatternShape shape, Digit from) {
        return switch (shape) {
            case One one -> one.within(DIGITS) ? Optional.of(from) : Optional.empty();
            case All all -> {
                Digit at = from;
                for (PatternShape part : all.parts()) {
                    Optional<Digit> first = in(part, at);
                    if (first.isPresent()) {
                        yield first;
                    }
                    at = new Digit(at.farthest + part.maxLength(), at.before.or(characters(part)));
                }
                yield Optional.empty();
            }
            case Either either -> {
                Digit farthest = from;
                for (PatternShape option : either.options()) {
                    Optional<Digit> first = in(option, from);
                    if (first.isEmpty()) {
                        yield first;
                    }
                    farthest = farthest.or(first.get());
                }
                yield Optional.of(farthest);
            }
            case Times times -> times.least() == 0 ? Optional.empty() : in(times.part(), from);
        };
    }

    private Digit or(Digit digit) {
        return new Digit(Math.max(farthest, digit.farthest), before.or(digit.before));
    }

    /// All that a match may hold.
    static One characters(PatternShape shape) {
        return switch (shape) {
            case One one -> one;
            case All all -> all.parts().stream().map(Digit::characters).reduce(NONE, One::or);
            case Either either ->
                either.options().stream().map(Digit::characters).reduce(NONE, One::or);
            case Times times -> characters(times.part());
        };
    }
}
