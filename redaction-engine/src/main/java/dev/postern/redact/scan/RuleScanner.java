package dev.postern.redact.scan;

import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import dev.postern.redact.pack.Rule;
import dev.postern.redact.vectorscan.Vectorscan;
import dev.postern.redact.vectorscan.VectorscanUnavailable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Runs rules over texts: a scanner proposes, patterns and checks decide, the surroundings score. Immutable; safe for
/// any number of threads.
///
/// Time is linear in the text: every pattern is bounded, tried only where it was proposed, and costly checks are
/// limited per text. What a tenant's rules may take is counted besides ([Effort]).
public final class RuleScanner {
    private final List<RuleGroup> groups;
    private final ScannerInUse inUse;
    private final double threshold;

    RuleScanner(RuleIndex index, CandidateScanner scanner, ScannerInUse inUse, double threshold) {
        this(List.of(new RuleGroup(index, scanner)), inUse, threshold);
    }

    private RuleScanner(List<RuleGroup> groups, ScannerInUse inUse, double threshold) {
        this.groups = groups;
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

    /// Rules by themselves, held to [Effort#LIMITED].
    public static RuleScanner limited(List<Rule> rules, double threshold) {
        return new RuleScanner(List.of(), new ScannerInUse(ScannerInUse.PORTABLE, "its rules are few"), threshold)
                .with(rules);
    }

    /// These rules and others, which are held to [Effort#LIMITED]. What is there is shared.
    public RuleScanner with(List<Rule> others) {
        return with(others, Effort.LIMITED);
    }

    RuleScanner with(List<Rule> others, Effort effort) {
        RuleIndex index = RuleIndex.of(others, effort);
        List<RuleGroup> more = new ArrayList<>(groups);
        more.add(new RuleGroup(index, new PortableScanner(index)));
        return new RuleScanner(List.copyOf(more), inUse, threshold);
    }

    /// The rules of wanted entities over texts that arrive piece by piece. Costly to make, unless somebody holds one
    /// that wants the same.
    public GrowingScanner growing(Predicate<Entity> wanted) {
        return new GrowingScanner(
                groups.stream().map(group -> group.growing(wanted)).toList());
    }

    /// Every span of a wanted entity, overlapping ones too, with offsets into [ScannedText#text()].
    public List<Span> scan(ScannedText text, Surroundings surroundings, Predicate<Entity> wanted) {
        return scan(text, surroundings, wanted, threshold, _ -> true);
    }

    /// The same with another bound.
    ///
    /// @param least score that a match must come to
    /// @param sureEnough whether one that does is reported
    /// @throws TooCostly when a tenant's own rules take too long
    public List<Span> scan(
            ScannedText text,
            Surroundings surroundings,
            Predicate<Entity> wanted,
            double least,
            Predicate<Span> sureEnough) {
        List<RuleGroup.Found> found = new ArrayList<>(groups.size());
        List<Verification.Match> matches = List.of();
        for (RuleGroup group : groups) {
            RuleGroup.Found part = group.find(text, surroundings, wanted, least, sureEnough);
            found.add(part);
            matches = found.size() == 1 ? part.matches() : joined(matches, part.matches());
        }
        List<Span> spans = new ArrayList<>();
        boolean alone = !matches.isEmpty() && found.getFirst().scoring().alone(matches);
        for (RuleGroup.Found part : found) {
            part.scoring().spans(part.matches(), alone, spans);
            part.close();
        }
        return spans;
    }

    static List<Verification.Match> joined(List<Verification.Match> some, List<Verification.Match> others) {
        List<Verification.Match> all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }

    /// What a text without words around its values says.
    public enum Surroundings {
        /// A value by itself is a value: a cell, a form field, a search.
        MAY_BE_ABSENT,
        /// A value by itself says nothing: its key, which is known, would have named it.
        ARE_KNOWN
    }
}
