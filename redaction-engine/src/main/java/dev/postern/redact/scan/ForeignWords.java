package dev.postern.redact.scan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Words that begin with a letter beyond ASCII, by that letter. Immutable.
final class ForeignWords {
    private static final int[] NONE = {};
    /// From here on characters are beyond ASCII.
    private static final char FOREIGN = 128;

    private final char[] firsts;
    private final int[][] items;

    /// @param words in lower case
    /// @param firstItem the item of the first of them
    ForeignWords(List<String> words, int firstItem) {
        TreeMap<Character, List<Integer>> byFirst = new TreeMap<>();
        for (int i = 0; i < words.size(); i++) {
            if (holds(words.get(i))) {
                byFirst.computeIfAbsent(words.get(i).charAt(0), _ -> new ArrayList<>())
                        .add(firstItem + i);
            }
        }
        firsts = new char[byFirst.size()];
        items = new int[byFirst.size()][];
        int at = 0;
        for (Map.Entry<Character, List<Integer>> entry : byFirst.entrySet()) {
            firsts[at] = entry.getKey();
            items[at++] = entry.getValue().stream().mapToInt(Integer::intValue).toArray();
        }
    }

    /// Whether a word is one of these.
    static boolean holds(String word) {
        return word.charAt(0) >= FOREIGN;
    }

    /// The items of those that begin with a character, in either case.
    int[] from(char first) {
        int at = first < FOREIGN ? -1 : Arrays.binarySearch(firsts, Character.toLowerCase(first));
        return at < 0 ? NONE : items[at];
    }
}
