package dev.postern.redact.scan;

import dev.postern.redact.entity.Span;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;

/// Runs rules over texts that arrive piece by piece. Immutable; safe for any number of threads.
///
/// Guarantee: what a [Look] gives as settled is what [RuleScanner] finds in the whole text, whatever follows.
public final class GrowingScanner {
    /// Characters of decided text that later decisions look back on: context words up to 60 characters away and the one
    /// before them, and what patterns look behind for.
    public static final int LOOKS_BACK = 96;

    private final List<GrowingGroup> groups;

    GrowingScanner(List<GrowingGroup> groups) {
        this.groups = groups;
    }

    List<GrowingGroup> groups() {
        return groups;
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
        return new Remembered(groups.stream().map(GrowingGroup::nothingYet).toArray(Memory[]::new));
    }

    /// Looks at texts under one JSON key. Immutable; safe for any number of threads.
    public final class Scope {
        private final String key;
        private final List<BitSet> keyPhrases;
        private final double least;
        private final Predicate<Span> sureEnough;

        private Scope(String key, double least, Predicate<Span> sureEnough) {
            this.key = key;
            this.least = least;
            this.sureEnough = sureEnough;
            this.keyPhrases =
                    groups.stream().map(group -> group.keyPhrases(key)).toList();
        }

        /// The key, as words.
        public String key() {
            return key;
        }

        /// Looks at a text whose places before `from` are decided.
        ///
        /// @param ended whether nothing follows
        /// @throws TooCostly when rules of one's own take too long
        public Look look(ScannedText text, int from, Remembered remembered, boolean ended) {
            Frontier frontier = new Frontier(from);
            GrowingGroup.Part[] parts = new GrowingGroup.Part[groups.size()];
            for (int i = 0; i < parts.length; i++) {
                parts[i] = groups.get(i)
                .new Part(text, from, remembered.of(i), ended ? null : frontier, least, sureEnough, keyPhrases.get(i));
                parts[i].scan();
            }
            List<Verification.Match> matches = parts[0].verify();
            for (int i = 1; i < parts.length; i++) {
                matches = RuleScanner.joined(matches, parts[i].verify());
            }
            if (!ended) {
                frontier.weigh(matches);
            }
            List<Span> spans = new ArrayList<>(matches.size());
            Look.Part[] seen = new Look.Part[parts.length];
            for (int i = 0; i < parts.length; i++) {
                if (!ended) {
                    parts[i].holdForTriggers(frontier);
                }
                parts[i].score(spans);
                seen[i] = parts[i].end();
            }
            return new Look(seen, frontier, spans, from, text.text().length(), ended);
        }
    }
}
