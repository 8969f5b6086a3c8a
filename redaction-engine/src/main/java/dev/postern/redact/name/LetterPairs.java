package dev.postern.redact.name;

import dev.postern.redact.data.DataFiles;
import java.util.List;

/// How unlike names a word is spelt: how rare its rarest pairs of letters are in the names of the lists. Immutable.
final class LetterPairs {
    /// The edge of a word, and `a` to `z`.
    static final int SYMBOLS = 27;
    /// Steps of rarity in the file (`a` to `z`) for a natural logarithm of 1.
    static final double SCALE = 2.5;
    /// One name of a hundred is rarer, and 97 of a hundred random tokens of eight letters or more.
    static final int UNLIKELY = 36;

    private final List<String> rarity;

    private LetterPairs(List<String> rarity) {
        this.rarity = rarity;
    }

    /// The one in the jar, which [LetterPairsTest] makes of the lists again.
    static LetterPairs standard() {
        return new LetterPairs(DataFiles.lines(LetterPairs.class, "letter-pairs.txt"));
    }

    /// The rarity of the three rarest pairs together; 0 for what has letters other than `a` to `z`.
    int rarity(CharSequence lower, int from, int to) {
        int first = 0;
        int second = 0;
        int third = 0;
        int before = 0;
        for (int i = from; i <= to; i++) {
            int symbol = i == to ? 0 : lower.charAt(i) - 'a' + 1;
            if (symbol < 0 || symbol >= SYMBOLS || (symbol == 0 && i < to)) {
                return 0;
            }
            int rare = rarity.get(before).charAt(symbol) - 'a';
            if (rare > first) {
                third = second;
                second = first;
                first = rare;
            } else if (rare > second) {
                third = second;
                second = rare;
            } else if (rare > third) {
                third = rare;
            }
            before = symbol;
        }
        return first + second + third;
    }
}
