package dev.postern.redact.scan;

import java.util.Arrays;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/// What scanning and verifying one text need and the next text can use again: otherwise a text would leave more garbage
/// than it has characters. One thread at a time.
final class Workspace {
    private final RuleIndex index;
    private final Budget budget;
    private final Candidates candidates;
    private final @Nullable Matcher[] matchers;
    private final int[] from;
    private final int[] rejected;
    /// The turn in which a rule was used last; what an older one left is void.
    private final int[] turns;
    private int turn;
    private int[] used = new int[16];
    private int usedCount;
    /// As patterns see it.
    private CharSequence text = "";

    Workspace(RuleIndex index) {
        this.index = index;
        this.budget = new Budget(index.effort());
        this.candidates = new Candidates(budget);
        int rules = index.rules().size();
        this.matchers = new Matcher[rules];
        this.from = new int[rules];
        this.rejected = new int[rules];
        this.turns = new int[rules];
    }

    void begin(String next) {
        budget.begin(next.length());
        text = budget.counted(next);
        turn++;
    }

    /// Forgets the text.
    void end() {
        for (int i = 0; i < usedCount; i++) {
            Matcher matcher = matchers[used[i]];
            if (matcher != null) {
                matcher.reset("");
            }
        }
        usedCount = 0;
        candidates.clear();
        text = "";
    }

    Candidates candidates() {
        return candidates;
    }

    /// What looking at the text may still cost.
    Budget budget() {
        return budget;
    }

    /// The rule's matcher of the text.
    Matcher matcher(int rule) {
        use(rule);
        budget.weigh(index.weight(rule));
        Matcher known = matchers[rule];
        if (known == null) {
            known = index.rule(rule).pattern().matcher(text);
            // Lookbehind must see what stands before the place that is tried.
            known.useTransparentBounds(true);
            known.useAnchoringBounds(false);
            matchers[rule] = known;
        }
        return known;
    }

    /// Where a rule may match next.
    int from(int rule) {
        return turns[rule] == turn ? from[rule] : 0;
    }

    void from(int rule, int place) {
        use(rule);
        from[rule] = place;
    }

    /// How many checks of a rule have failed.
    int rejected(int rule) {
        return turns[rule] == turn ? rejected[rule] : 0;
    }

    void rejected(int rule, int count) {
        use(rule);
        rejected[rule] = count;
    }

    private void use(int rule) {
        if (turns[rule] == turn) {
            return;
        }
        turns[rule] = turn;
        from[rule] = 0;
        rejected[rule] = 0;
        Matcher known = matchers[rule];
        if (known != null) {
            known.reset(text);
        }
        if (usedCount == used.length) {
            used = Arrays.copyOf(used, 2 * usedCount);
        }
        used[usedCount++] = rule;
    }
}
