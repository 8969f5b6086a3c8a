package dev.postern.redact.name;

import dev.postern.redact.data.DataFiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/// The lists that training draws from. What they are and whose is said in their first lines and in docs/redaction.md.
final class TrainingLists {
    private static final String[] SYLLABLES = {
        "ka", "lo", "mi", "ra", "ten", "vor", "sha", "ni", "bel", "dru", "qui", "zan", "ori", "eth", "mar", "lin", "go",
        "fe", "pra", "sut", "hal", "wen", "jo", "tik", "ya", "ub", "cor", "del", "ar", "is", "on", "um", "ash", "ek",
        "bru", "stan", "gri", "phe", "lov", "cza", "rze", "sk", "wi", "nou", "eau", "ette", "ini", "ova", "sson", "ez"
    };

    private final String language;
    private final Map<String, List<String>> cache = new HashMap<>();

    TrainingLists(String language) {
        this.language = language;
    }

    List<String> list(String name) {
        return cache.computeIfAbsent(name, file -> DataFiles.lines(TrainingLists.class, "lists/" + file + ".txt"));
    }

    /// A word of a kind, as templates name them.
    String word(String kind, Random random) {
        boolean english = language.equals("en");
        return switch (kind) {
            case "given" ->
                english ? given(random) : pick(random.nextInt(10) < 8 ? "given-" + language : "given-us", random, true);
            case "surname" ->
                english
                        ? surname(random)
                        : pick(random.nextInt(10) < 8 ? "surnames-" + language : "surnames-us", random, false);
            case "foreign-given" ->
                pick(
                        choose(
                                random,
                                "given-de",
                                "given-fr",
                                "given-es",
                                "given-it",
                                "given-pl",
                                "given-other",
                                "given-world",
                                "given-nl"),
                        random,
                        false);
            case "foreign-surname" ->
                pick(
                        choose(
                                random,
                                "surnames-de",
                                "surnames-fr",
                                "surnames-es",
                                "surnames-it",
                                "surnames-pl",
                                "surnames-other",
                                "surnames-world",
                                "surnames-nl"),
                        random,
                        false);
            case "madeup" -> madeUp(random);
            case "city" ->
                random.nextInt(10) < 8 ? pick("world-cities", random, false) : pick("capitals", random, false);
            case "city1" -> one(random);
            case "town-list" ->
                pick(choose(random, "cities-de", "cities-it", "cities-nl", "cities-fr", "cities-pl"), random, false);
            case "own-city" -> pick("cities-" + language, random, false);
            case "country" -> pick("countries", random, false);
            case "region" ->
                pick(
                        english
                                ? choose(
                                        random,
                                        "states-us",
                                        "states-us",
                                        "states-us",
                                        "regions-gb",
                                        "regions-de",
                                        "regions-it",
                                        "regions-es")
                                : "regions-" + language,
                        random,
                        false);
            case "geo" -> pick("places", random, false);
            case "company" -> pick("company-names", random, false);
            case "group" -> pick("groups", random, false);
            case "nationality" -> pick("nationalities", random, false);
            case "work" -> pick("works", random, false);
            case "product" -> pick("products", random, false);
            case "disease" -> pick("diseases", random, false);
            case "medicine" -> pick("medicines", random, false);
            case "dish" -> pick("dishes", random, false);
            case "language" -> pick("languages", random, false);
            case "own-street" -> pick("streets-" + language, random, false);
            case "own-suffix" -> pick("company-suffixes-" + language, random, false);
            case "word" -> common(random);
            case "Word" -> capitalise(common(random));
            case "num" -> String.valueOf(1 + random.nextInt(99));
            case "num2" -> String.format(Locale.ROOT, "%02d", 1 + random.nextInt(28));
            case "num4" -> String.valueOf(1900 + random.nextInt(125));
            case "year" -> String.valueOf(1850 + random.nextInt(176));
            case "digit" -> String.valueOf(1 + random.nextInt(9));
            case "number" -> String.valueOf(100 + random.nextInt(random.nextBoolean() ? 900 : 90_000));
            case "zip" -> String.valueOf(10_000 + random.nextInt(89_999));
            case "money" -> choose(random, "$", "€", "£", "USD ", "EUR ") + (10 + random.nextInt(9_000));
            case "phone" ->
                (random.nextBoolean() ? "+1 " : "0") + (200 + random.nextInt(700)) + "-" + (200 + random.nextInt(700))
                        + "-" + (1_000 + random.nextInt(9_000));
            case "email" ->
                given(random).toLowerCase(Locale.ROOT) + choose(random, ".", "_", "") + random.nextInt(99) + "@example."
                        + choose(random, "com", "org", "net");
            case "month" ->
                choose(
                        random,
                        "January",
                        "February",
                        "March",
                        "April",
                        "May",
                        "June",
                        "July",
                        "August",
                        "September",
                        "October",
                        "November",
                        "December",
                        "Jan",
                        "Feb",
                        "Aug",
                        "Sept");
            case "day" -> choose(random, "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");
            case "lowerletter" -> String.valueOf((char) ('a' + random.nextInt(6)));
            case "capletter" -> String.valueOf((char) ('A' + random.nextInt(26)));
            case "caps2" -> capitals(2, random);
            case "caps3" -> capitals(3, random);
            case "caps4" -> capitals(4, random);
            default -> throw new IllegalArgumentException("templates know no " + kind);
        };
    }

    private String given(Random random) {
        int draw = random.nextInt(20);
        if (draw < 12) {
            return zipf("given-us", random);
        }
        return pick(
                draw < 14
                        ? "given-us"
                        : draw < 16
                                ? "given-gb"
                                : choose(
                                        random,
                                        "given-de",
                                        "given-fr",
                                        "given-es",
                                        "given-it",
                                        "given-pl",
                                        "given-other",
                                        "given-world",
                                        "given-nl"),
                random,
                false);
    }

    private String surname(Random random) {
        int draw = random.nextInt(20);
        if (draw < 10) {
            return zipf("surnames-us", random);
        }
        return pick(
                draw < 14
                        ? "surnames-us"
                        : choose(
                                random,
                                "surnames-gb",
                                "surnames-de",
                                "surnames-fr",
                                "surnames-es",
                                "surnames-it",
                                "surnames-pl",
                                "surnames-other",
                                "surnames-world",
                                "surnames-nl"),
                random,
                false);
    }

    /// The first of a list more often than the last.
    private String zipf(String name, Random random) {
        List<String> list = list(name);
        double place = random.nextDouble();
        return list.get((int) (list.size() * place * place * place));
    }

    private String pick(String name, Random random, boolean early) {
        if (early && name.equals("given-us")) {
            return zipf(name, random);
        }
        List<String> list = list(name);
        return list.get(random.nextInt(list.size()));
    }

    private String one(Random random) {
        List<String> list = list("world-cities");
        String city = list.get(random.nextInt(list.size()));
        while (city.indexOf(' ') >= 0) {
            city = list.get(random.nextInt(list.size()));
        }
        return city;
    }

    private String common(Random random) {
        return pick(language.equals("en") && random.nextInt(10) < 4 ? "words-en" : "lorem-" + language, random, false);
    }

    private static String madeUp(Random random) {
        StringBuilder name = new StringBuilder();
        for (int i = 2 + random.nextInt(2); i > 0; i--) {
            name.append(SYLLABLES[random.nextInt(SYLLABLES.length)]);
        }
        return capitalise(name.toString());
    }

    private static String capitals(int length, Random random) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < length; i++) {
            name.append((char) ('A' + random.nextInt(26)));
        }
        return name.toString();
    }

    private static String capitalise(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    private static String choose(Random random, String... of) {
        return of[random.nextInt(of.length)];
    }

    List<String> all(List<String> names) {
        List<String> all = new ArrayList<>();
        names.forEach(name -> all.addAll(list(name)));
        return all;
    }
}
