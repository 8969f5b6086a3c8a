package dev.postern.redact.scan;

import dev.postern.redact.entity.Span;
import dev.postern.redact.pack.Rule;
import dev.postern.redact.pack.Trigger;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// Runs rules over texts that arrive piece by piece. Immutable; safe for any number of threads.
///
/// Guarantee: what a [Look] gives as settled is what [RuleScanner] finds in the whole text, whatever follows.
public final class GrowingScanner {
    /// Characters of decided text that later decisions look back on: context words up to 60 characters away and the one
    /// before them, and what patterns look behind for.
    public static final int LOOKS_BACK = 96;

    private final RuleIndex index;
    private final PortableScanner scanner;
    private final int longestLiteral;
    /// Rules that are tried before what triggers them has come.
    private final int[] reaching;
    /// Which of them may begin at a place.
    private final PlaceAutomaton beginnings;
    private final int farthest;
    private final Pool<Workspace> workspaces;

    GrowingScanner(RuleIndex index) {
        this.index = index;
        this.workspaces = new Pool<>(() -> new Workspace(index));
        this.scanner = new PortableScanner(index);
        this.longestLiteral =
                index.literals().stream().mapToInt(String::length).max().orElse(0);
        this.reaching = IntStream.range(0, index.rules().size())
                .filter(number -> reach(number) > 0)
                .toArray();
        this.beginnings = new PlaceAutomaton(IntStream.of(reaching)
                .mapToObj(number -> index.rule(number).shape())
                .toList());
        this.farthest = IntStream.of(reaching).map(this::reach).max().orElse(0) + longestLiteral;
    }

    /// Texts under one JSON key.
    ///
    /// @param key as words ([KeyWords]), or empty
    /// @param least score that a match must come to
    /// @param sureEnough whether one that does is reported
    public Scope scope(String key, double least, Predicate<Span> sureEnough) {
        return new Scope(key, least, sureEnough);
    }

    /// Of a text that begins.
    public Remembered nothingYet() {
        return new Remembered(index.costly().length);
    }

    private int reach(int number) {
        Rule rule = index.rule(number);
        return rule.trigger() instanceof Trigger.Literal literal ? literal.reach() : 0;
    }

    /// Looks at texts under one JSON key. Immutable; safe for any number of threads.
    public final class Scope {
        private final String key;
        private final BitSet keyPhrases;
        private final double least;
        private final Predicate<Span> sureEnough;

        private Scope(String key, double least, Predicate<Span> sureEnough) {
            this.key = key;
            this.least = least;
            this.sureEnough = sureEnough;
            this.keyPhrases = Scoring.keyPhrases(index, key);
        }

        /// The key, as words.
        public String key() {
            return key;
        }

        /// Looks at a text whose places before `from` are decided.
        ///
        /// @param ended whether nothing follows
        public Look look(ScannedText text, int from, Remembered remembered, boolean ended) {
            Workspace workspace = workspaces.take();
            workspace.begin(text.text());
            Look look = look(text, from, remembered, ended, workspace);
            workspace.end();
            workspaces.give(workspace);
            return look;
        }

        private Look look(ScannedText text, int from, Remembered remembered, boolean ended, Workspace workspace) {
            Candidates candidates = workspace.candidates();
            Frontier frontier = new Frontier(from);
            int unscanned = Math.max(0, from + remembered.unscanned());
            remembered.recall(candidates, from);
            scanner.scan(text.text(), unscanned, candidates, ended ? null : frontier);
            Scoring scoring = new Scoring(
                    index, text, candidates, least, sureEnough, RuleScanner.Surroundings.ARE_KNOWN, keyPhrases);
            Verification verification =
                    new Verification(index, text.text(), workspace, scoring, ended ? null : frontier);
            List<Verification.Match> matches = verification.rest(from, remembered);
            if (!ended) {
                frontier.weigh(matches);
                holdForTriggers(text.text(), from, verification, frontier);
            }
            List<Span> spans = matches.isEmpty() ? List.of() : scoring.spans(matches);
            int[] phrases = candidates.phrases(from - LOOKS_BACK, text.text().length());
            return new Look(index, frontier, spans, phrases, from, text.text().length(), ended);
        }

        /// Holds what a trigger that may yet come would make the beginning of a match.
        private void holdForTriggers(String text, int from, Verification verification, Frontier frontier) {
            int end = Math.min(frontier.live(), text.length());
            for (int at = Math.max(from, text.length() - farthest); at < end && at < frontier.live(); at++) {
                if (Places.begins(text, at)) {
                    for (int item : beginnings.at(text, at, true)) {
                        int number = reaching[item];
                        if (at >= text.length() - reach(number) - longestLiteral
                                && verification.mayYetMatch(number, at)) {
                            frontier.live(at, number);
                            break;
                        }
                    }
                }
            }
        }
    }
}
