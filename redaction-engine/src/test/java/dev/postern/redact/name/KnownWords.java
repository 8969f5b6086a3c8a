package dev.postern.redact.name;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Makes the gazetteer out of the lists.
final class KnownWords {
    /// Names so frequent that the word alone speaks for one.
    private static final int FREQUENT_GIVEN = 2_000;
    private static final int FREQUENT_SURNAMES = 3_000;

    private final Map<String, Integer> classes = new HashMap<>();

    static Gazetteer gazetteer(TrainingLists lists, Collection<String> templateWords) {
        KnownWords known = new KnownWords();
        known.read(lists, templateWords);
        Map<Integer, Integer> byHash = new HashMap<>();
        known.classes.forEach((word, wordClasses) -> byHash.merge(Hashes.of(word), wordClasses, (a, b) -> a | b));
        byHash.values().removeIf(wordClasses -> wordClasses == 0);
        return Gazetteer.of(byHash);
    }

    private void read(TrainingLists lists, Collection<String> templateWords) {
        names(lists.list("given-us"), FREQUENT_GIVEN, WordClass.COMMON_GIVEN, WordClass.GIVEN);
        names(lists.list("surnames-us"), FREQUENT_SURNAMES, WordClass.COMMON_SURNAME, WordClass.SURNAME);
        for (String language : List.of("de", "fr", "es", "it", "pl", "world")) {
            names(lists.list("given-" + language), Integer.MAX_VALUE, WordClass.COMMON_GIVEN, WordClass.GIVEN);
            names(lists.list("surnames-" + language), Integer.MAX_VALUE, WordClass.COMMON_SURNAME, WordClass.SURNAME);
        }
        for (String language : List.of("gb", "nl", "other")) {
            names(lists.list("given-" + language), 0, WordClass.COMMON_GIVEN, WordClass.GIVEN);
            names(lists.list("surnames-" + language), 0, WordClass.COMMON_SURNAME, WordClass.SURNAME);
        }
        places(
                lists.all(List.of("world-cities", "capitals", "countries", "states-us", "places")),
                WordClass.WELL_KNOWN_PLACE);
        places(
                lists.all(List.of("cities-de", "cities-fr", "cities-it", "cities-nl", "cities-pl", "cities-gb")),
                WordClass.PLACE);
        places(
                lists.all(List.of(
                        "regions-de",
                        "regions-fr",
                        "regions-es",
                        "regions-it",
                        "regions-nl",
                        "regions-pl",
                        "regions-gb")),
                WordClass.PLACE);
        for (String name : lists.list("company-names")) {
            if (name.indexOf(' ') < 0) {
                add(name, WordClass.ORGANIZATION);
            }
        }
        for (String group : lists.all(List.of("groups", "nationalities"))) {
            for (String word : group.split(" ", -1)) {
                add(word, WordClass.NRP);
            }
        }
        for (String words : List.of(
                "words-en", "lorem-en", "lorem-de", "lorem-fr", "lorem-es", "lorem-it", "lorem-nl", "lorem-pl")) {
            lists.list(words).forEach(word -> add(word, WordClass.COMMON));
        }
        templateWords.forEach(word -> add(word, WordClass.COMMON));
        for (String line : lists.list("word-classes")) {
            String[] words = line.split(" ", -1);
            for (int i = 1; i < words.length; i++) {
                add(words[i], WordClass.valueOf(words[0]));
            }
        }
        // "An", "Do" and "So" are somebody's names, and nearly never meant.
        classes.replaceAll((_, of) -> WordClass.FUNCTION.in(of) ? of & ~(WordClass.NAMES | WordClass.PLACES) : of);
    }

    private void names(List<String> names, int frequent, WordClass common, WordClass any) {
        for (int i = 0; i < names.size(); i++) {
            for (String word : names.get(i).split("[ -]", -1)) {
                if (word.length() > 1) {
                    add(word, any);
                    if (i < frequent) {
                        add(word, common);
                    }
                }
            }
        }
    }

    private void places(List<String> places, WordClass kind) {
        for (String place : places) {
            String[] words = place.split(" ", -1);
            for (String word : words) {
                if (words.length == 1) {
                    add(word, WordClass.PLACE);
                    add(word, kind);
                } else if (word.length() > 2) {
                    add(word, WordClass.PART_OF_PLACE);
                }
            }
        }
    }

    private void add(String word, WordClass of) {
        classes.merge(word.toLowerCase(Locale.ROOT), of.bit(), (a, b) -> a | b);
    }
}
