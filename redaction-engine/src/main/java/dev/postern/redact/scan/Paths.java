package dev.postern.redact.scan;

import dev.postern.redact.pack.PatternShape;
import dev.postern.redact.pack.PatternShape.All;
import dev.postern.redact.pack.PatternShape.Either;
import dev.postern.redact.pack.PatternShape.One;
import dev.postern.redact.pack.PatternShape.Times;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// The ways through a shape, each the parts that follow each other: single characters as far as that does not make too
/// many.
final class Paths {
    private static final int MOST = 64;
    private static final int MOST_LENGTHS = 4;

    private static final One DIGIT = One.of("09");
    private static final One CAPITAL = One.of("AZ");
    private static final One SMALL = One.of("az");
    private static final One WORD = One.of("09AZaz__");
    private static final One SIGN = One.of("09AZaz").not();

    private Paths() {}

    static List<List<PatternShape>> through(PatternShape shape) {
        return switch (shape) {
            case One one -> List.of(List.of(one));
            case All all -> {
                List<List<PatternShape>> paths = List.of(List.of());
                for (PatternShape part : all.parts()) {
                    List<List<PatternShape>> next = through(part);
                    paths = both(paths, paths.size() * next.size() > MOST ? List.of(List.of(part)) : next);
                }
                yield paths;
            }
            case Either either ->
                either.options().stream()
                        .flatMap(option -> through(option).stream())
                        .toList();
            case Times times -> through(times);
        };
    }

    private static List<List<PatternShape>> through(Times times) {
        if (times.part() instanceof One one && times.most() - times.least() < MOST_LENGTHS) {
            return IntStream.rangeClosed(times.least(), times.most())
                    .mapToObj(length -> Collections.<PatternShape>nCopies(length, one))
                    .toList();
        }
        if (times.least() == 0 && times.most() == 1) {
            List<List<PatternShape>> paths = new ArrayList<>(through(times.part()));
            paths.add(List.of());
            return paths;
        }
        return List.of(List.of(times));
    }

    private static List<List<PatternShape>> both(List<List<PatternShape>> first, List<List<PatternShape>> second) {
        List<List<PatternShape>> paths = new ArrayList<>();
        for (List<PatternShape> a : first) {
            for (List<PatternShape> b : second) {
                List<PatternShape> path = new ArrayList<>(a);
                path.addAll(b);
                paths.add(path);
            }
        }
        return paths;
    }

    /// A shape with one character before, by which most places are ruled out that lie inside a word or number, as by
    /// [Places].
    static PatternShape withBefore(PatternShape shape, boolean wholeWords) {
        return switch (shape) {
            case One one -> withBefore(one, wholeWords ? WORD : new One(0, 0, false));
            case All all -> {
                List<PatternShape> options = new ArrayList<>();
                List<PatternShape> parts = all.parts();
                for (int i = 0; i < parts.size(); i++) {
                    List<PatternShape> rest = new ArrayList<>(parts.subList(i, parts.size()));
                    rest.set(0, withBefore(rest.getFirst(), wholeWords));
                    options.add(new All(rest));
                    if (parts.get(i).minLength() > 0) {
                        break;
                    }
                }
                yield new Either(options);
            }
            case Either either ->
                new Either(either.options().stream()
                        .map(option -> withBefore(option, wholeWords))
                        .toList());
            case Times times -> {
                Times more = new Times(times.part(), Math.max(0, times.least() - 1), times.most() - 1);
                yield new All(List.of(withBefore(times.part(), wholeWords), more));
            }
        };
    }

    /// @param never what may never stand before
    private static PatternShape withBefore(One first, One never) {
        List<PatternShape> options = new ArrayList<>();
        add(DIGIT.or(never).not(), first.and(DIGIT), options);
        add(CAPITAL.or(never).not(), first.and(CAPITAL), options);
        add(CAPITAL.or(SMALL).or(never).not(), first.and(SMALL), options);
        add(never.not(), first.and(SIGN), options);
        return new Either(options);
    }

    private static void add(One before, One first, List<PatternShape> options) {
        if (!first.isEmpty()) {
            options.add(new All(List.of(before, first)));
        }
    }

    /// Whether a path of single characters matches, at the same place, wherever another does.
    static boolean covers(List<PatternShape> path, List<PatternShape> other) {
        return path.size() <= other.size()
                && IntStream.range(0, path.size())
                        .allMatch(i -> path.get(i) instanceof One one
                                && other.get(i) instanceof One narrower
                                && narrower.within(one));
    }
}
