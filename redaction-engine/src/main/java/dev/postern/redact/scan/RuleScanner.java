package dev.postern.redact.scan;

import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import dev.postern.redact.pack.Rule;
import dev.postern.redact.vectorscan.Vectorscan;
import dev.postern.redact.vectorscan.VectorscanUnavailable;
import java.util.List;
import java.util.function.Predicate;

/// Runs rules over texts: a scanner proposes, patterns and checks decide, the surroundings score. Immutable; safe for
/// any number of threads.
///
/// Time is linear in the text: every pattern is bounded, tried only where it was proposed, and costly checks are
/// limited per text.
public final class RuleScanner {
    private final RuleIndex index;
    private final CandidateScanner scanner;
    private final ScannerInUse inUse;
    private final double threshold;
    private final Pool<Workspace> workspaces;

    RuleScanner(RuleIndex index, CandidateScanner scanner, ScannerInUse inUse, double threshold) {
        this.index = index;
        this.scanner = scanner;
        this.inUse = inUse;
        this.threshold = threshold;
        this.workspaces = new Pool<>(() -> new Workspace(index));
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
            case AUTO -> portable(index, threshold, "it starts sooner");
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

    /// The rules of wanted entities over texts that arrive piece by piece.
    public GrowingScanner growing(Predicate<Entity> wanted) {
        List<Rule> rules = index.rules().stream()
                .filter(rule -> wanted.test(rule.entity()))
                .toList();
        return new GrowingScanner(RuleIndex.of(rules));
    }

    /// Every span of a wanted entity, overlapping ones too, with offsets into [ScannedText#text()].
    public List<Span> scan(ScannedText text, Surroundings surroundings, Predicate<Entity> wanted) {
        return scan(text, surroundings, wanted, threshold, _ -> true);
    }

    /// The same with another bound.
    ///
    /// @param least score that a match must come to
    /// @param sureEnough whether one that does is reported
    public List<Span> scan(
            ScannedText text,
            Surroundings surroundings,
            Predicate<Entity> wanted,
            double least,
            Predicate<Span> sureEnough) {
        Workspace workspace = workspaces.take();
        workspace.begin(text.text());
        List<Span> spans = scan(text, surroundings, wanted, least, sureEnough, workspace);
        // Not after a failure: what was under way then holds text.
        workspace.end();
        workspaces.give(workspace);
        return spans;
    }

    private List<Span> scan(
            ScannedText text,
            Surroundings surroundings,
            Predicate<Entity> wanted,
            double least,
            Predicate<Span> sureEnough,
            Workspace workspace) {
        Candidates candidates = workspace.candidates();
        scanner.scan(text.text(), candidates);
        if (candidates.count() == 0) {
            return List.of();
        }
        Scoring scoring = new Scoring(
                index, text, candidates, least, sureEnough, surroundings, Scoring.keyPhrases(index, text.key()));
        List<Verification.Match> matches =
                new Verification(index, text.text(), workspace, scoring, null).matches(wanted);
        return matches.isEmpty() ? List.of() : scoring.spans(matches);
    }

    /// What a text without words around its values says.
    public enum Surroundings {
        /// A value by itself is a value: a cell, a form field, a search.
        MAY_BE_ABSENT,
        /// A value by itself says nothing: its key, which is known, would have named it.
        ARE_KNOWN
    }
}
