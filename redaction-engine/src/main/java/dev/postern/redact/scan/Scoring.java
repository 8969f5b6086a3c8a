package dev.postern.redact.scan;

import dev.postern.redact.entity.Span;
import dev.postern.redact.pack.Rule;
import dev.postern.redact.pack.Scores;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Scores the matches of one text by what surrounds them. One thread.
///
/// - A context word near a match, before or after, or in the key: the rule's context score, a little less for each
///   character between.
/// - A word that speaks against it right before it, and no context: no match.
/// - A text that is little more than its values: the rule's score for that.
/// - Where that score counts only in some languages: a little less when the text's language is not known, and not at
///   all when it is another.
/// - A text in one of the rule's own languages: a little more than a rule of elsewhere.
final class Scoring {
    private static final int BEFORE = 60;
    private static final int AFTER = 30;
    private static final int RIGHT_BEFORE = 18;
    /// Characters of a text that can be little more than its values.
    private static final int LONGEST_ALONE = 1_000;
    private static final double FARTHEST = 0.05;
    private static final double AT_HOME = 0.02;
    private static final double UNKNOWN_LANGUAGE = 0.05;
    private static final double HIGHEST = 1;
    /// Of a text whose key is not asked for. Never changed.
    static final BitSet NO_PHRASES = new BitSet();
    /// Words that only join values.
    private static final Set<String> JOINING = Set.of(
            "and", "or", "und", "oder", "et", "ou", "y", "o", "e", "ed", "en", "of", "och", "eller", "og", "ja", "tai",
            "i", "lub", "ve", "to", "from", "the", "a", "is");

    private final RuleIndex index;
    private final ScannedText text;
    private final Candidates candidates;
    private final double threshold;
    private final Predicate<Span> sureEnough;
    private final boolean mayBeAlone;
    private final BitSet keyPhrases;

    /// @param threshold that a match must come to
    /// @param sureEnough whether one that does is reported
    Scoring(
            RuleIndex index,
            ScannedText text,
            Candidates candidates,
            double threshold,
            Predicate<Span> sureEnough,
            RuleScanner.Surroundings surroundings,
            BitSet keyPhrases) {
        this.index = index;
        this.text = text;
        this.candidates = candidates;
        this.threshold = threshold;
        this.sureEnough = sureEnough;
        this.mayBeAlone = surroundings == RuleScanner.Surroundings.MAY_BE_ABSENT
                && text.text().length() <= LONGEST_ALONE;
        this.keyPhrases = keyPhrases;
    }

    /// The phrases that a key holds.
    ///
    /// @param key as words
    static BitSet keyPhrases(RuleIndex index, String key) {
        BitSet phrases = new BitSet();
        int[] blanks = IntStream.rangeClosed(-1, key.length())
                .filter(at -> at < 0 || at == key.length() || key.charAt(at) == ' ')
                .toArray();
        for (int i = 0; i < blanks.length; i++) {
            for (int j = i + 1; j < blanks.length; j++) {
                int phrase = index.phraseOf(key.substring(blanks[i] + 1, blanks[j]));
                if (phrase >= 0) {
                    phrases.set(phrase);
                }
            }
        }
        return phrases;
    }

    /// @param alone whether the text is little more than its values
    void spans(List<Verification.Match> matches, boolean alone, List<Span> into) {
        for (Verification.Match match : matches) {
            Span span = span(match, score(match, alone));
            if (span != null) {
                into.add(span);
            }
        }
    }

    /// Null when it is not sure enough.
    private @Nullable Span span(Verification.Match match, double score) {
        if (score < threshold) {
            return null;
        }
        Span span =
                new Span(match.start(), match.end(), index.rule(match.rule()).entity(), score);
        return sureEnough.test(span) ? span : null;
    }

    /// Whether a match can come to the threshold at all.
    boolean mayReach(int number, int start, int end) {
        Scores scores = index.rule(number).scores();
        double margin = threshold - AT_HOME;
        return scores.base() >= margin
                || (mayBeAlone && scores.alone() >= margin)
                || (scores.context() >= margin
                        && index.hasContext(number)
                        && context(new Verification.Match(number, start, end)) > 0);
    }

    /// Whether a match that begins at a place may come to the threshold at all: what cannot need not be looked for.
    ///
    /// @param known up to where the phrases of the text are known
    boolean mayReachFrom(int number, int place, int known) {
        Scores scores = index.rule(number).scores();
        double margin = threshold - AT_HOME;
        if (scores.base() >= margin || (mayBeAlone && scores.alone() >= margin)) {
            return true;
        }
        if (scores.context() < margin || !index.hasContext(number)) {
            return false;
        }
        int last = place + index.longest(number) + AFTER;
        return last > known || announcedByKey(number) || announced(number, place - BEFORE, last);
    }

    private boolean announced(int number, int from, int to) {
        for (int i = candidates.firstPhrase(from);
                i < candidates.phraseCount() && candidates.phraseStart(i) < to;
                i++) {
            if (index.context(number, candidates.phrase(i))) {
                return true;
            }
        }
        return false;
    }

    private boolean announcedByKey(int number) {
        for (int phrase = keyPhrases.nextSetBit(0); phrase >= 0; phrase = keyPhrases.nextSetBit(phrase + 1)) {
            if (index.context(number, phrase)) {
                return true;
            }
        }
        return false;
    }

    boolean reaches(Verification.Match match) {
        return span(match, score(match, false)) != null;
    }

    /// Whether a match that cannot come to the threshold could, by words that follow.
    boolean mayYetReach(int number, int end, Frontier frontier) {
        return index.rule(number).scores().context() >= threshold - AT_HOME && mayYetCome(number, end, frontier);
    }

    /// Whether words that follow could give a match a higher score.
    boolean mayYetRise(Verification.Match match, Frontier frontier) {
        Scores scores = index.rule(match.rule()).scores();
        return scores.context() > scores.base() && mayYetCome(match.rule(), match.end(), frontier);
    }

    private boolean mayYetCome(int number, int end, Frontier frontier) {
        return index.hasContext(number) && frontier.nextPhrase(text.text().length()) < end + AFTER;
    }

    /// Whether a word speaks against a match, and none for it: then it is none, as far as the text has come.
    boolean isVoid(Verification.Match match) {
        return index.hasUnless(match.rule()) && spokenAgainst(match) && raising(match) == 0;
    }

    /// The context of a match whose score it raises.
    private double raising(Verification.Match match) {
        Scores scores = index.rule(match.rule()).scores();
        return index.hasContext(match.rule()) && scores.context() > scores.base() ? context(match) : 0;
    }

    private double score(Verification.Match match, boolean alone) {
        Rule rule = index.rule(match.rule());
        Scores scores = rule.scores();
        boolean home = text.inOneOf(rule.languages());
        double score = scores.base();
        double context = raising(match);
        if (context > 0) {
            score = Math.max(score, scores.context() - FARTHEST * (1 - context));
        } else if (index.hasUnless(match.rule()) && spokenAgainst(match)) {
            return 0;
        }
        if (alone && (home || !scores.onlyInLanguage())) {
            score = Math.max(score, scores.alone());
        } else if (alone && !text.languageKnown()) {
            score = Math.max(score, scores.alone() - UNKNOWN_LANGUAGE);
        }
        return Math.min(HIGHEST, score + (home ? AT_HOME : 0));
    }

    /// 1 for a context word that touches the match or stands in the key, near 0 for the farthest, 0 for none.
    private double context(Verification.Match match) {
        if (announcedByKey(match.rule())) {
            return 1;
        }
        double best = 0;
        int last = match.end() + AFTER;
        for (int i = candidates.firstPhrase(match.start() - BEFORE);
                i < candidates.phraseCount() && candidates.phraseStart(i) < last;
                i++) {
            boolean apart = candidates.phraseEnd(i) <= match.start() || candidates.phraseStart(i) >= match.end();
            if (apart && index.context(match.rule(), candidates.phrase(i))) {
                int before = match.start() - candidates.phraseEnd(i);
                int after = candidates.phraseStart(i) - match.end();
                int distance = before >= 0 ? before : after + BEFORE - AFTER;
                best = Math.max(best, 1 - distance / (BEFORE + 1.0));
            }
        }
        return best;
    }

    private boolean spokenAgainst(Verification.Match match) {
        for (int phrase = keyPhrases.nextSetBit(0); phrase >= 0; phrase = keyPhrases.nextSetBit(phrase + 1)) {
            if (index.unless(match.rule(), phrase)) {
                return true;
            }
        }
        for (int i = candidates.firstPhrase(match.start() - RIGHT_BEFORE - 12);
                i < candidates.phraseCount() && candidates.phraseStart(i) < match.start();
                i++) {
            boolean near =
                    candidates.phraseEnd(i) <= match.start() && candidates.phraseEnd(i) >= match.start() - RIGHT_BEFORE;
            if (near && index.unless(match.rule(), candidates.phrase(i))) {
                return true;
            }
        }
        return false;
    }

    /// Whether the text holds few words besides what matched: none, or one joining word for each value.
    ///
    /// @param matches of all rules
    boolean alone(List<Verification.Match> matches) {
        if (!mayBeAlone) {
            return false;
        }
        List<Verification.Match> sorted = new ArrayList<>(matches);
        sorted.sort(Comparator.comparingInt(Verification.Match::start));
        int joining = 0;
        int values = 0;
        int at = 0;
        for (Verification.Match match : sorted) {
            if (match.start() >= at) {
                values++;
            }
            if (match.start() > at) {
                int words = joining(at, match.start());
                if (words < 0) {
                    return false;
                }
                joining += words;
            }
            at = Math.max(at, match.end());
        }
        int words = joining(at, text.text().length());
        return words >= 0 && joining + words <= values;
    }

    /// The joining words in a stretch; -1 when others stand there.
    private int joining(int from, int to) {
        int words = 0;
        String all = text.text();
        for (int i = from; i < to; i++) {
            if (Character.isLetter(all.charAt(i))) {
                int end = i;
                while (end < to && Character.isLetter(all.charAt(end))) {
                    end++;
                }
                if (end - i > 6 || !JOINING.contains(text.lower().substring(i, end))) {
                    return -1;
                }
                words++;
                i = end;
            }
        }
        return words;
    }
}
