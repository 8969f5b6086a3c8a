package dev.postern.redact.scan;

import dev.postern.redact.pack.PatternShape;
import dev.postern.redact.pack.Rule;
import dev.postern.redact.pack.Trigger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Derives, from all that an index looks for, expressions over [ScannedBytes] of fixed length, so that a match's end
/// tells its place. Where an item matches, one of its expressions does: each is, for every character, the set of those
/// that may stand there, up to the shortest match. They have no assertions, alternatives or repetitions.
///
/// One character before the place is part of the expression, by which most places inside words and numbers are ruled
/// out; for phrases, one after them, too. Text is therefore scanned between two line feeds.
final class Openings {
    private static final int LONGEST = PlaceAutomaton.DEPTH;

    private static final BitSet ANY = ScannedBytes.not("");
    private static final BitSet NO_WORD = ScannedBytes.not("09AZaz__");
    private static final BitSet NO_DIGIT = ScannedBytes.not("09");
    private static final BitSet NO_CAPITAL = ScannedBytes.not("AZ");
    private static final BitSet NO_LETTER = ScannedBytes.not("AZaz");
    private static final BitSet NO_SMALL = ScannedBytes.not("az");

    private final Map<String, Integer> numbers = new LinkedHashMap<>();
    private final List<int[]> items = new ArrayList<>();
    private final List<Integer> reaches = new ArrayList<>();
    /// Which characters beyond ASCII have a lower case.
    private final Map<Character, BitSet> capitals = new HashMap<>();

    private Openings() {}

    static Openings of(RuleIndex index) {
        Openings openings = new Openings();
        openings.findCapitals();
        int item = 0;
        for (Rule rule : index.rules()) {
            if (rule.trigger() instanceof Trigger.Start) {
                openings.rule(rule, item);
            }
            item++;
        }
        for (; item < index.items(); item++) {
            openings.word(index.word(item), index.isPhrase(item), item);
        }
        return openings;
    }

    /// By their numbers.
    List<String> expressions() {
        return List.copyOf(numbers.keySet());
    }

    /// Whose expression it is.
    int[] items(int expression) {
        return items.get(expression);
    }

    /// How far before its end a match's place lies.
    int reach(int expression) {
        return reaches.get(expression);
    }

    int longestReach() {
        return reaches.stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    private void findCapitals() {
        for (int c = 128; c <= Character.MAX_VALUE; c++) {
            char small = Character.toLowerCase((char) c);
            if (small >= 128 && small != c) {
                capitals.computeIfAbsent(small, _ -> new BitSet()).set(ScannedBytes.of((char) c) & 0xFF);
            }
        }
    }

    private void rule(Rule rule, int item) {
        PatternPositions positions = new PatternPositions(LONGEST);
        List<BitSet> characters = opening(positions, positions.unroll(rule.shape(), item));
        if (rule.wholeWords()) {
            add(NO_WORD, characters, item);
        } else {
            byFirst(characters, item);
        }
    }

    /// The characters along all paths from where a pattern begins, until the first path ends.
    private static List<BitSet> opening(PatternPositions positions, int[] starts) {
        List<BitSet> characters = new ArrayList<>();
        int[] at = starts;
        while (characters.size() < LONGEST) {
            BitSet taken = new BitSet();
            int[] next = {};
            for (int position : at) {
                PatternShape.One takes = positions.at(position).takes();
                if (takes == null) {
                    return characters.isEmpty() ? List.of(ANY) : characters;
                }
                taken.or(ScannedBytes.of(takes));
                next = PatternPositions.union(next, positions.at(position).next());
            }
            characters.add(taken);
            at = next;
        }
        return characters;
    }

    /// What may stand before a place where something begins depends on what begins: see [Places#begins].
    private void byFirst(List<BitSet> characters, int item) {
        BitSet first = characters.getFirst();
        split(first, NO_DIGIT, NO_DIGIT, characters, item);
        split(first, NO_CAPITAL, NO_CAPITAL, characters, item);
        split(first, NO_SMALL, NO_LETTER, characters, item);
        BitSet others = (BitSet) first.clone();
        others.and(NO_WORD);
        others.set('_', first.get('_'));
        addFrom(others, ANY, characters, item);
    }

    private void split(BitSet first, BitSet unwanted, BitSet before, List<BitSet> characters, int item) {
        BitSet part = (BitSet) first.clone();
        part.andNot(unwanted);
        addFrom(part, before, characters, item);
    }

    private void addFrom(BitSet first, BitSet before, List<BitSet> characters, int item) {
        if (!first.isEmpty()) {
            List<BitSet> from = new ArrayList<>(characters);
            from.set(0, first);
            add(before, from, item);
        }
    }

    private void word(String word, boolean phrase, int item) {
        if (!phrase) {
            add(anyCase(word), word.length(), item);
            return;
        }
        char first = word.charAt(0);
        String end = ScannedBytes.expression(NO_SMALL);
        String before = first < 128 ? ScannedBytes.expression(NO_LETTER) : "";
        add(before + anyCase(word) + end, word.length() + 1, item);
        // A capital begins a word inside a word.
        if (first < 128 && Character.isLetter(first)) {
            BitSet capital = new BitSet();
            capital.set(Character.toUpperCase(first));
            add(ScannedBytes.expression(capital) + anyCase(word.substring(1)) + end, word.length() + 1, item);
        }
    }

    private String anyCase(String word) {
        StringBuilder expression = new StringBuilder("(?i:");
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            BitSet bytes = new BitSet();
            bytes.set(ScannedBytes.of(c) & 0xFF);
            if (c >= 128) {
                bytes.or(capitals.getOrDefault(c, bytes));
            }
            expression.append(ScannedBytes.expression(bytes));
        }
        return expression.append(')').toString();
    }

    private void add(BitSet before, List<BitSet> characters, int item) {
        StringBuilder expression = new StringBuilder();
        if (!before.equals(ANY)) {
            expression.append(ScannedBytes.expression(before));
        }
        characters.forEach(set -> expression.append(ScannedBytes.expression(set)));
        add(expression.toString(), characters.size(), item);
    }

    private void add(String expression, int reach, int item) {
        Integer known = numbers.putIfAbsent(expression, numbers.size());
        if (known == null) {
            items.add(new int[] {item});
            reaches.add(reach);
        } else {
            int[] sharing = Arrays.copyOf(items.get(known), items.get(known).length + 1);
            sharing[sharing.length - 1] = item;
            items.set(known, sharing);
        }
    }
}
