package dev.postern.redact.scan;

import java.util.Arrays;

/// What a stream remembers for one group of rules: of the text that it has decided, and of costly checks of the text
/// that it has not. Offsets count from where the undecided text begins. One thread; a few hundred bytes.
final class Memory {
    static final int UNKNOWN = -2;
    private static final int[] NOTHING = {};

    private final int[] rejected;
    /// Rule, start, end and result of checks.
    private int[] checked = NOTHING;
    /// Number, start and end of phrases.
    private int[] phrases = NOTHING;
    private int unscanned = Integer.MIN_VALUE / 2;

    Memory(int costlyRules) {
        this.rejected = costlyRules == 0 ? NOTHING : new int[costlyRules];
    }

    /// The decided text is another than before: nothing is known of what stands there.
    void restart() {
        phrases = NOTHING;
        checked = NOTHING;
        unscanned = Integer.MIN_VALUE / 2;
    }

    /// How many checks of each costly rule have failed, in the order of [RuleIndex#costly].
    int[] rejected() {
        return rejected;
    }

    /// The place from which on phrases must be looked for.
    int unscanned() {
        return unscanned;
    }

    /// Proposes the phrases before that place once more.
    void recall(Candidates candidates, int from) {
        for (int i = 0; i < phrases.length; i += 3) {
            candidates.phrase(phrases[i], phrases[i + 1] + from, phrases[i + 2] + from);
        }
    }

    /// @param found number, start and end of phrases, with offsets into the text
    void phrases(int[] found, int settled, int from) {
        phrases = found;
        for (int i = 0; i < found.length; i += 3) {
            found[i + 1] -= settled;
            found[i + 2] -= settled;
        }
        unscanned = from - settled;
    }

    /// The result of a check that was made before, or [#UNKNOWN].
    int result(int rule, int start, int end) {
        for (int i = 0; i < checked.length; i += 4) {
            if (checked[i] == rule && checked[i + 1] == start && checked[i + 2] == end) {
                return checked[i + 3];
            }
        }
        return UNKNOWN;
    }

    void result(int rule, int start, int end, int result) {
        int length = checked.length;
        checked = Arrays.copyOf(checked, length + 4);
        checked[length] = rule;
        checked[length + 1] = start;
        checked[length + 2] = end;
        checked[length + 3] = result;
    }

    /// The text before `decided` is decided.
    void forget(int decided) {
        int kept = 0;
        for (int i = 0; i < checked.length; i += 4) {
            if (checked[i + 1] >= decided) {
                int result = checked[i + 3];
                checked[kept] = checked[i];
                checked[kept + 1] = checked[i + 1] - decided;
                checked[kept + 2] = checked[i + 2] - decided;
                checked[kept + 3] = result < 0 ? result : result - decided;
                kept += 4;
            }
        }
        checked = kept == 0 ? NOTHING : Arrays.copyOf(checked, kept);
    }
}
