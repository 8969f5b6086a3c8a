package dev.postern.redact.scan;

import dev.postern.redact.pack.PatternShape;
import dev.postern.redact.pack.PatternShape.All;
import dev.postern.redact.pack.PatternShape.Either;
import dev.postern.redact.pack.PatternShape.One;
import dev.postern.redact.pack.Rule;
import dev.postern.redact.pack.Trigger;
import dev.postern.redact.vectorscan.PatternDatabase.Expression;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Derives, from all that an index looks for, expressions over [ScannedBytes] without assertions. Where an item
/// matches, one of them ends not far from the place: each is reported by the [Window] before its end in which the place
/// lies. What begins there is not for them to say. Text is scanned between two line feeds.
///
/// - Most rules have a digit near their beginning. One expression stands for all of them: a number begins.
/// - Of the others, it is the [Beginning] of the pattern.
/// - Of beginnings that are letters and digits, rare for nothing but their length, one expression stands for all: a
///   long word has ended.
/// - Words are looked for by their first characters, inside others as well.
final class Openings {
    private static final int LONGEST = PlaceAutomaton.DEPTH;
    /// Longer repetitions are without end: where places are looked for is bounded, and automata stay small.
    private static final int LONGEST_REPETITION = 16;
    /// Each of these is looked for in both cases, and the ways to write a word are counted out.
    private static final int MOST_BEYOND_ASCII = 4;

    private static final One NONE = new One(0, 0, false);
    /// What words are made of that are long.
    private static final One RUN = One.of("09AZaz__--");

    private final Map<Window, Integer> windows = new HashMap<>();
    private final List<Window> byNumber = new ArrayList<>();
    private final Set<Expression> expressions = new LinkedHashSet<>();
    /// Which characters beyond ASCII have a lower case.
    private final Map<Character, BitSet> capitals = new HashMap<>();

    /// Where before a match's end the places lie that it opens.
    ///
    /// @param nearest characters between a place and the end, at least
    /// @param farthest the same at most
    /// @param between what lies between a place and the last one
    record Window(int nearest, int farthest, One between) {
        /// The first place, not before the text.
        int from(CharSequence text, int end) {
            int from = to(end);
            int first = Math.max(0, end - farthest);
            while (from > first && between.takes(text.charAt(from - 1))) {
                from--;
            }
            return from;
        }

        /// The last place; before the text when there is none.
        int to(int end) {
            return end - nearest;
        }
    }

    private Openings() {}

    static Openings of(RuleIndex index) {
        Openings openings = new Openings();
        openings.findCapitals();
        openings.rules(index);
        for (int item = index.rules().size(); item < index.items(); item++) {
            openings.word(index.word(item));
        }
        return openings;
    }

    /// Reported by the number of their window.
    List<Expression> expressions() {
        return List.copyOf(expressions);
    }

    Window window(int number) {
        return byNumber.get(number);
    }

    private void rules(RuleIndex index) {
        Set<List<PatternShape>> paths = new LinkedHashSet<>();
        One beforeDigits = NONE;
        for (Rule rule : index.rules()) {
            if (rule.trigger() instanceof Trigger.Start) {
                for (PatternShape option : options(rule.shape())) {
                    Optional<Digit> digit = Digit.near(option);
                    if (digit.isPresent()) {
                        beforeDigits = beforeDigits.or(digit.get().before());
                    } else {
                        paths.addAll(Paths.through(Paths.withBefore(Beginning.of(option), rule.wholeWords())));
                    }
                }
            }
        }
        for (List<PatternShape> path : List.copyOf(paths)) {
            Optional<Digit> digit = Digit.near(new All(fromPlace(path)));
            beforeDigits = beforeDigits.or(digit.map(Digit::before).orElse(NONE));
            if (digit.isPresent() || isInRun(path)) {
                paths.remove(path);
            }
        }
        add("[^0-9][0-9]", new Window(1, 1 + Digit.FARTHEST, beforeDigits));
        String run = expression(RUN);
        add(run + "{" + LONGEST + "}" + expression(RUN.not()), new Window(LONGEST + 1, Integer.MAX_VALUE, RUN));
        fewest(paths).forEach(this::path);
    }

    private static List<PatternShape> options(PatternShape shape) {
        return shape instanceof Either either ? either.options() : List.of(shape);
    }

    /// Without those that others cover.
    private static List<List<PatternShape>> fewest(Set<List<PatternShape>> paths) {
        List<List<PatternShape>> kept = new ArrayList<>();
        paths.stream().sorted(Comparator.comparingInt(List::size)).forEach(path -> {
            if (kept.stream().noneMatch(known -> Paths.covers(known, path))) {
                kept.removeIf(known -> Paths.covers(path, known));
                kept.add(path);
            }
        });
        return kept;
    }

    /// What a path holds from the place on; with the character before where that is part of something.
    private static List<PatternShape> fromPlace(List<PatternShape> path) {
        return path.getFirst() instanceof One ? path.subList(1, path.size()) : path;
    }

    private static boolean isInRun(List<PatternShape> path) {
        List<PatternShape> parts = fromPlace(path);
        return parts.size() >= LONGEST
                && parts.stream().limit(LONGEST).allMatch(part -> part instanceof One one && one.within(RUN));
    }

    private void path(List<PatternShape> path) {
        PatternShape whole = new All(path);
        One between = Digit.characters(new All(fromPlace(path)));
        add(expression(whole), new Window(whole.minLength() - 1, whole.maxLength() - 1, between));
    }

    private static String expression(PatternShape shape) {
        return switch (shape) {
            case One one -> ScannedBytes.expression(ScannedBytes.of(one));
            case All all -> {
                StringBuilder expression = new StringBuilder();
                all.parts().forEach(part -> expression.append(expression(part)));
                yield expression.toString();
            }
            case Either either ->
                "(?:"
                        + String.join(
                                "|",
                                either.options().stream()
                                        .map(Openings::expression)
                                        .toList()) + ")";
            case PatternShape.Times times when times.maxLength() == 0 -> "";
            case PatternShape.Times times -> {
                String most = times.most() > LONGEST_REPETITION ? "" : Integer.toString(times.most());
                yield "(?:" + expression(times.part()) + "){" + times.least() + "," + most + "}";
            }
        };
    }

    private void findCapitals() {
        for (int c = 128; c <= Character.MAX_VALUE; c++) {
            char small = Character.toLowerCase((char) c);
            if (small >= 128 && small != c) {
                capitals.computeIfAbsent(small, _ -> new BitSet()).set(ScannedBytes.of((char) c) & 0xFF);
            }
        }
    }

    private void word(String word) {
        int beyondAscii = 0;
        int length = 0;
        while (length < Math.min(LONGEST, word.length()) && beyondAscii < MOST_BEYOND_ASCII) {
            beyondAscii += word.charAt(length++) < 128 ? 0 : 1;
        }
        add(anyCase(word.substring(0, length)), new Window(length, length, NONE));
    }

    private String anyCase(String word) {
        StringBuilder expression = new StringBuilder("(?i:");
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            BitSet bytes = new BitSet();
            bytes.set(ScannedBytes.of(c) & 0xFF);
            if (c >= 128) {
                bytes.or(capitals.getOrDefault(c, bytes));
            }
            expression.append(ScannedBytes.expression(bytes));
        }
        return expression.append(')').toString();
    }

    private void add(String expression, Window window) {
        Integer known = windows.putIfAbsent(window, byNumber.size());
        if (known == null) {
            byNumber.add(window);
        }
        expressions.add(new Expression(expression, known == null ? byNumber.size() - 1 : known));
    }
}
