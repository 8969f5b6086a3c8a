package dev.postern.redact.scan;

import dev.postern.redact.check.Check;
import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import dev.postern.redact.pack.Rule;
import dev.postern.redact.pack.Trigger;
import dev.postern.redact.vectorscan.Vectorscan;
import dev.postern.redact.vectorscan.VectorscanUnavailable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/// Runs rules over texts: a scanner proposes, patterns and checks decide, the surroundings score. Immutable; safe for
/// any number of threads.
///
/// Time is linear in the text: every pattern is bounded, tried only where it was proposed, and costly checks are
/// limited per text.
public final class RuleScanner {
    /// Costly checks that may fail in one text. A text with more is a table of numbers or an attack on our time: from
    /// then on the shape decides, which can only hide more.
    private static final int MOST_REJECTED = 100;

    private final RuleIndex index;
    private final CandidateScanner scanner;
    private final ScannerInUse inUse;
    private final double threshold;

    RuleScanner(RuleIndex index, CandidateScanner scanner, ScannerInUse inUse, double threshold) {
        this.index = index;
        this.scanner = scanner;
        this.inUse = inUse;
        this.threshold = threshold;
    }

    public static RuleScanner portable(List<Rule> rules, double threshold) {
        return portable(RuleIndex.of(rules), threshold, "it was asked for");
    }

    private static RuleScanner portable(RuleIndex index, double threshold, String reason) {
        ScannerInUse inUse = new ScannerInUse(ScannerInUse.PORTABLE, reason);
        return new RuleScanner(index, new PortableScanner(index), inUse, threshold);
    }

    /// Rules on the scanner that was chosen.
    ///
    /// @throws IllegalStateException when the native scanner is demanded and cannot be used; the message says why
    public static RuleScanner of(List<Rule> rules, double threshold, ScannerChoice choice) {
        return of(rules, threshold, choice, Vectorscan::load);
    }

    /// Where the library comes from.
    @FunctionalInterface
    interface Library {
        Vectorscan load() throws VectorscanUnavailable;
    }

    static RuleScanner of(List<Rule> rules, double threshold, ScannerChoice choice, Library source) {
        RuleIndex index = RuleIndex.of(rules);
        return switch (choice) {
            case AUTO -> portable(index, threshold, "it is the faster one");
            case PORTABLE -> portable(index, threshold, "it was asked for");
            case NATIVE -> {
                try {
                    Vectorscan library = source.load();
                    ScannerInUse inUse = new ScannerInUse(ScannerInUse.NATIVE, "Vectorscan " + library.version());
                    yield new RuleScanner(index, NativeScanner.of(index, library), inUse, threshold);
                } catch (VectorscanUnavailable e) {
                    throw new IllegalStateException(
                            "The native scanner is demanded and cannot be used: " + e.getMessage() + ".", e);
                }
            }
        };
    }

    /// Which scanner this one runs on.
    public ScannerInUse inUse() {
        return inUse;
    }

    /// Every span of a wanted entity, overlapping ones too, with offsets into [ScannedText#text()].
    public List<Span> scan(ScannedText text, Surroundings surroundings, Predicate<Entity> wanted) {
        Candidates candidates = new Candidates();
        scanner.scan(text.text(), candidates);
        if (candidates.count() == 0) {
            return List.of();
        }
        Scoring scoring = new Scoring(index, text, candidates, threshold, surroundings);
        List<Match> matches = new Verification(text.text(), candidates, wanted, scoring).matches();
        return matches.isEmpty() ? List.of() : scoring.spans(matches);
    }

    /// What a text without words around its values says.
    public enum Surroundings {
        /// A value by itself is a value: a cell, a form field, a search.
        MAY_BE_ABSENT,
        /// A value by itself says nothing: its key, which is known, would have named it.
        ARE_KNOWN
    }

    /// @param rule its number in the index
    record Match(int rule, int start, int end) {}

    /// One text, one thread.
    private final class Verification {
        private final String text;
        private final Candidates candidates;
        private final Predicate<Entity> wanted;
        private final Scoring scoring;
        private final @Nullable Matcher[] matchers = new Matcher[index.rules().size()];
        private final int[] from = new int[index.rules().size()];
        private final int[] rejected = new int[index.rules().size()];
        private final List<Match> matches = new ArrayList<>();

        Verification(String text, Candidates candidates, Predicate<Entity> wanted, Scoring scoring) {
            this.text = text;
            this.scoring = scoring;
            this.candidates = candidates;
            this.wanted = wanted;
        }

        List<Match> matches() {
            for (int i = 0; i < candidates.count(); i++) {
                int number = candidates.rule(i);
                Rule rule = index.rules().get(number);
                if (wanted.test(rule.entity())) {
                    int place = candidates.place(i);
                    int reach = rule.trigger() instanceof Trigger.Literal literal ? literal.reach() : 0;
                    for (int at = Math.max(from[number], place - reach); at <= place && at >= from[number]; at++) {
                        if (at == place || Places.begins(text, at)) {
                            attempt(number, rule, at);
                        }
                    }
                }
            }
            return matches;
        }

        private void attempt(int number, Rule rule, int place) {
            if (rule.wholeWords() && !Places.wordBegins(text, place)) {
                return;
            }
            Matcher matcher = matcher(number, rule);
            if (!matcher.region(place, text.length()).lookingAt()) {
                return;
            }
            int start = matcher.start(index.valueGroup(number));
            int end = matcher.end(index.valueGroup(number));
            if (start < 0) {
                return;
            }
            // The score first: it is cheap, and what cannot reach the threshold needs no check. Nor does what a surer
            // rule of the same entity has found already.
            if (known(rule, start, end) || !scoring.mayReach(number, start, end)) {
                from[number] = place + 1;
                return;
            }
            boolean byShape = rule.costly() && rejected[number] >= MOST_REJECTED;
            int accepted = byShape ? end : rule.check().accept(text, start, end);
            if (accepted > start) {
                matches.add(new Match(number, start, accepted));
                from[number] = Math.max(accepted, place + 1);
            } else {
                assert accepted == Check.REJECTED;
                rejected[number]++;
                // A rejected match may hide a shorter one that starts inside it.
                from[number] = rule.skipsRejected() ? Math.max(matcher.end(), place + 1) : place + 1;
            }
        }

        private boolean known(Rule rule, int start, int end) {
            if (matches.isEmpty()) {
                return false;
            }
            Match last = matches.getLast();
            Rule surer = index.rules().get(last.rule());
            return last.start() == start
                    && last.end() >= end
                    && surer.entity().equals(rule.entity())
                    && surer.scores().atLeast(rule.scores());
        }

        private Matcher matcher(int number, Rule rule) {
            Matcher known = matchers[number];
            if (known == null) {
                known = rule.pattern().matcher(text);
                // Lookbehind must see what stands before the place that is tried.
                known.useTransparentBounds(true);
                known.useAnchoringBounds(false);
                matchers[number] = known;
            }
            return known;
        }
    }
}
