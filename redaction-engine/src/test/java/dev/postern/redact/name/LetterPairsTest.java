package dev.postern.redact.name;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.redact.data.DataFiles;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LetterPairsTest {
    private static final List<String> LISTS = List.of(
            "given-us",
            "given-de",
            "given-es",
            "given-fr",
            "given-gb",
            "given-it",
            "given-nl",
            "given-pl",
            "given-other",
            "given-world",
            "surnames-us",
            "surnames-de",
            "surnames-es",
            "surnames-fr",
            "surnames-gb",
            "surnames-it",
            "surnames-nl",
            "surnames-pl",
            "surnames-other",
            "surnames-world");

    @Test
    void tableIsThatOfTheLists() {
        assertThat(DataFiles.lines(LetterPairs.class, "letter-pairs.txt")).isEqualTo(lines());
    }

    @Test
    void namesReadLikeNamesAndRandomLettersDoNot() {
        LetterPairs pairs = LetterPairs.standard();
        Set<String> names = names();
        assertThat(names.stream()
                        .filter(name -> rarity(pairs, name) > LetterPairs.UNLIKELY)
                        .count())
                .isLessThan(names.size() / 80);
        Random random = new Random(4);
        int taken = 0;
        for (int i = 0; i < 10_000; i++) {
            StringBuilder token = new StringBuilder();
            for (int length = 8 + random.nextInt(7); length > 0; length--) {
                token.append((char) ('a' + random.nextInt(26)));
            }
            taken += rarity(pairs, token) <= LetterPairs.UNLIKELY ? 1 : 0;
        }
        assertThat(taken).isLessThan(300);
    }

    private static int rarity(LetterPairs pairs, CharSequence word) {
        return pairs.rarity(word, 0, word.length());
    }

    private static Set<String> names() {
        TrainingLists lists = new TrainingLists("en");
        Set<String> names = new TreeSet<>();
        for (String name : lists.all(LISTS)) {
            for (String word : name.toLowerCase(Locale.ROOT).split("[ -]", -1)) {
                if (word.matches("[a-z]{3,}")) {
                    names.add(word);
                }
            }
        }
        return names;
    }

    /// As the file should be: of a letter (or the beginning), how rare each letter (or the end) is after it.
    private static List<String> lines() {
        int[][] counts = new int[LetterPairs.SYMBOLS][LetterPairs.SYMBOLS];
        int[] totals = new int[LetterPairs.SYMBOLS];
        for (String name : names()) {
            int before = 0;
            for (int i = 0; i <= name.length(); i++) {
                int symbol = i == name.length() ? 0 : name.charAt(i) - 'a' + 1;
                counts[before][symbol]++;
                totals[before]++;
                before = symbol;
            }
        }
        return IntStream.range(0, LetterPairs.SYMBOLS)
                .mapToObj(before -> {
                    StringBuilder line = new StringBuilder();
                    for (int symbol = 0; symbol < LetterPairs.SYMBOLS; symbol++) {
                        double rarity = -StrictMath.log((counts[before][symbol] + 0.5) / (totals[before] + 14.0));
                        line.append((char)
                                ('a' + (int) StrictMath.min(25, StrictMath.round(rarity * LetterPairs.SCALE))));
                    }
                    return line.toString();
                })
                .toList();
    }
}
