package dev.postern.redact.scan;

import dev.postern.redact.pack.PatternShape;
import dev.postern.redact.pack.PatternShape.All;
import dev.postern.redact.pack.PatternShape.Either;
import dev.postern.redact.pack.PatternShape.One;
import dev.postern.redact.pack.PatternShape.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// The beginning of a pattern up to where it is rare in prose, [PlaceAutomaton#DEPTH] characters at most. Where the
/// pattern matches, its beginning does.
final class Beginning {
    static final PatternShape NOTHING = new All(List.of());

    private static final int LONGEST = PlaceAutomaton.DEPTH;
    /// Options that are followed each by itself; more are taken as one.
    private static final int MOST_OPTIONS = 4;
    /// An optional part that may be longer is not read on.
    private static final int LONGEST_OPTIONAL = 64;

    private Beginning() {}

    static PatternShape of(PatternShape pattern) {
        return shortest(cut(pattern, new Wanted(Rarity.ENOUGH, LONGEST), _ -> NOTHING));
    }

    /// What a beginning lacks: rarity, or else length.
    private record Wanted(int rarity, int length) {
        boolean nothing() {
            return rarity <= 0 || length <= 0;
        }

        Wanted after(PatternShape shape) {
            return new Wanted(rarity - Rarity.of(shape), length - shape.minLength());
        }
    }

    private static PatternShape cut(PatternShape shape, Wanted wanted, Function<Wanted, PatternShape> rest) {
        if (wanted.nothing()) {
            return NOTHING;
        }
        Wanted after = wanted.after(shape);
        return switch (shape) {
            case One one -> all(one, rest.apply(after));
            case All all -> cut(all.parts(), wanted, rest);
            case Either either ->
                after.nothing() || either.options().size() <= MOST_OPTIONS
                        ? new Either(either.options().stream()
                                .map(option -> cut(option, wanted, rest))
                                .toList())
                        : all(either, rest.apply(after));
            case Times times -> cut(times, wanted, rest);
        };
    }

    private static PatternShape cut(List<PatternShape> parts, Wanted wanted, Function<Wanted, PatternShape> rest) {
        return parts.isEmpty()
                ? rest.apply(wanted)
                : cut(parts.getFirst(), wanted, left -> cut(parts.subList(1, parts.size()), left, rest));
    }

    private static PatternShape cut(Times times, Wanted wanted, Function<Wanted, PatternShape> rest) {
        Wanted after = wanted.after(times);
        if (times.least() > 0 && (after.nothing() || Rarity.of(times.part()) > 0)) {
            Times more = new Times(times.part(), times.least() - 1, times.most() - 1);
            return cut(times.part(), wanted, left -> more.most() == 0 ? rest.apply(left) : cut(more, left, rest));
        }
        PatternShape next = rest.apply(after);
        if (times.least() == 0 && times.maxLength() > LONGEST_OPTIONAL) {
            return next.minLength() == 0 ? NOTHING : first(new Either(List.of(times.part(), next)));
        }
        return all(times, next);
    }

    private static PatternShape all(PatternShape shape, PatternShape next) {
        return new All(List.of(shape, next));
    }

    /// What the first character may be, of a shape that is not empty.
    private static One first(PatternShape shape) {
        return switch (shape) {
            case One one -> one;
            case All all -> {
                One taken = new One(0, 0, false);
                for (PatternShape part : all.parts()) {
                    taken = taken.or(first(part));
                    if (part.minLength() > 0) {
                        break;
                    }
                }
                yield taken;
            }
            case Either either ->
                either.options().stream().map(Beginning::first).reduce(new One(0, 0, false), One::or);
            case Times times -> first(times.part());
        };
    }

    /// Without what may follow a match that is long enough.
    private static PatternShape shortest(PatternShape shape) {
        if (shape.minLength() == 0) {
            return NOTHING;
        }
        return switch (shape) {
            case One one -> one;
            case All all -> {
                List<PatternShape> parts = new ArrayList<>(all.parts());
                while (parts.getLast().minLength() == 0) {
                    parts.removeLast();
                }
                parts.set(parts.size() - 1, shortest(parts.getLast()));
                yield new All(parts);
            }
            case Either either ->
                new Either(either.options().stream().map(Beginning::shortest).toList());
            case Times times -> {
                Times before = new Times(times.part(), times.least() - 1, times.least() - 1);
                yield new All(List.of(before, shortest(times.part())));
            }
        };
    }
}
