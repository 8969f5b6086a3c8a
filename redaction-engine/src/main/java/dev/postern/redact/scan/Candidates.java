package dev.postern.redact.scan;

import java.util.Arrays;

/// What a scanner proposed for one text, in text order. One thread.
final class Candidates {
    /// What is kept for the next text is no more than some 64 KB of dense text need.
    private static final int MOST_KEPT = 1 << 14;
    private static final int RULES = 64;
    private static final int PHRASES = 32;

    private final Budget budget;
    private int[] rules = new int[RULES];
    private int[] places = new int[RULES];
    private int count;
    private int[] phrases = new int[PHRASES];
    private int[] phraseStarts = new int[PHRASES];
    private int[] phraseEnds = new int[PHRASES];
    private int phraseCount;

    /// @param budget that proposals, and looking for phrases among them, are spent from
    Candidates(Budget budget) {
        this.budget = budget;
    }

    void clear() {
        count = 0;
        phraseCount = 0;
        if (rules.length > MOST_KEPT) {
            rules = new int[RULES];
            places = new int[RULES];
        }
        if (phrases.length > MOST_KEPT) {
            phrases = new int[PHRASES];
            phraseStarts = new int[PHRASES];
            phraseEnds = new int[PHRASES];
        }
    }

    /// Spends what looking for something took.
    void spend(int steps) {
        budget.spend(steps);
    }

    void rule(int rule, int place) {
        budget.spend(Budget.PROPOSAL);
        if (count == rules.length) {
            requireFewerThan(budget.effort().mostCandidates(), count);
            rules = Arrays.copyOf(rules, 2 * count);
            places = Arrays.copyOf(places, 2 * count);
        }
        rules[count] = rule;
        places[count++] = place;
    }

    void phrase(int phrase, int start, int end) {
        budget.spend(1);
        if (phraseCount == phrases.length) {
            requireFewerThan(budget.effort().mostCandidates(), phraseCount);
            phrases = Arrays.copyOf(phrases, 2 * phraseCount);
            phraseStarts = Arrays.copyOf(phraseStarts, 2 * phraseCount);
            phraseEnds = Arrays.copyOf(phraseEnds, 2 * phraseCount);
        }
        phrases[phraseCount] = phrase;
        phraseStarts[phraseCount] = start;
        phraseEnds[phraseCount++] = end;
    }

    private static void requireFewerThan(int most, int count) {
        if (count >= most) {
            throw new TooCostly();
        }
    }

    int count() {
        return count;
    }

    int rule(int index) {
        return rules[index];
    }

    int place(int index) {
        return places[index];
    }

    int phraseCount() {
        return phraseCount;
    }

    int phrase(int index) {
        budget.spend(1);
        return phrases[index];
    }

    int phraseStart(int index) {
        return phraseStarts[index];
    }

    int phraseEnd(int index) {
        return phraseEnds[index];
    }

    /// Number, start and end of the phrases that start between two places.
    int[] phrases(int from, int to) {
        int first = firstPhrase(from);
        int last = Math.max(first, firstPhrase(to));
        int[] found = new int[3 * (last - first)];
        for (int i = first; i < last; i++) {
            int at = 3 * (i - first);
            found[at] = phrases[i];
            found[at + 1] = phraseStarts[i];
            found[at + 2] = phraseEnds[i];
        }
        return found;
    }

    /// The first phrase that starts at `from` or later.
    int firstPhrase(int from) {
        int index = Arrays.binarySearch(phraseStarts, 0, phraseCount, from);
        int at = index >= 0 ? index : -index - 1;
        while (at > 0 && phraseStarts[at - 1] >= from) {
            at--;
        }
        return at;
    }
}
