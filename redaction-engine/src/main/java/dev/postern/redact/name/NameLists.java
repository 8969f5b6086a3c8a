package dev.postern.redact.name;

import dev.postern.redact.data.DataFiles;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the name detector knows, all in lower case.
///
/// @param given unambiguous given names
/// @param ambiguousGiven given names that are also ordinary words
/// @param surnames unambiguous surnames
/// @param ambiguousSurnames surnames that are also ordinary words
/// @param common words that are never part of a name
record NameLists(
        Set<String> given,
        Set<String> ambiguousGiven,
        Set<String> surnames,
        Set<String> ambiguousSurnames,
        Set<String> common) {
    static final Set<String> TITLES = Set.of(
            "mr",
            "mrs",
            "ms",
            "miss",
            "mx",
            "dr",
            "prof",
            "sir",
            "madam",
            "lord",
            "lady",
            "herr",
            "herrn",
            "frau",
            "mme",
            "mlle",
            "monsieur",
            "madame",
            "señor",
            "señora",
            "sr",
            "sra",
            "srta",
            "sig",
            "signor",
            "signora",
            "pan",
            "pani",
            "mevrouw",
            "meneer",
            "mijnheer",
            "capt",
            "sgt",
            "rev",
            "fr",
            "sister",
            "uncle",
            "aunt");
    /// The word before a name that makes any capitalised word a name.
    static final Set<String> INTRODUCTIONS = Set.of(
            "named",
            "patient",
            "dear",
            "heiße",
            "heisse",
            "heißt",
            "appelle",
            "llamo",
            "llama",
            "chiamo",
            "heet",
            "nazywam",
            "colleague",
            "neighbour",
            "neighbor",
            "husband",
            "wife",
            "son",
            "daughter",
            "brother",
            "cousin",
            "namens",
            "called");
    /// Phrases that end right before a name.
    static final List<String> PHRASES = List.of(
            "name is ",
            "name: ",
            "names are ",
            "name was ",
            "name's ",
            "i am ",
            "i'm ",
            "this is ",
            "ich bin ",
            "ich heiße ",
            "mein name ist ",
            "je m'appelle ",
            "me llamo ",
            "mi chiamo ",
            "ik heet ",
            "nazywam się ",
            "signed, ",
            "regards,\n",
            "attn: ",
            "patient: ",
            "customer: ",
            "contact: ",
            "from: ",
            "to: ",
            "cc: ",
            "author: ",
            "employee: ",
            "caller: ");
    static final Set<String> PARTICLES = Set.of(
            "van", "von", "de", "da", "del", "della", "di", "dos", "das", "du", "der", "den", "ter", "ten", "te", "la",
            "le", "bin", "ibn", "al", "el", "y", "zu", "av", "af");
    /// Words that turn what stands before them into a place or a company.
    static final Set<String> NOT_PEOPLE = Set.of(
            "inc",
            "ltd",
            "llc",
            "gmbh",
            "ag",
            "corp",
            "co",
            "plc",
            "sa",
            "bv",
            "kg",
            "group",
            "bank",
            "street",
            "st",
            "road",
            "rd",
            "avenue",
            "ave",
            "lane",
            "drive",
            "square",
            "park",
            "hospital",
            "university",
            "college",
            "school",
            "institute",
            "foundation",
            "museum",
            "airport",
            "station",
            "bridge",
            "county",
            "river",
            "lake",
            "mountain",
            "hotel",
            "theorem",
            "algorithm",
            "syndrome",
            "disease",
            "prize",
            "award",
            "law",
            "act",
            "effect",
            "stanley");

    static NameLists standard() {
        List<String> given = words("given-names.txt");
        List<String> surnames = words("surnames.txt");
        return new NameLists(
                set(given.stream().filter(name -> !name.endsWith("?"))),
                set(given.stream().filter(name -> name.endsWith("?"))),
                set(surnames.stream().filter(name -> !name.endsWith("?"))),
                set(surnames.stream().filter(name -> name.endsWith("?"))),
                set(words("common-words.txt").stream()));
    }

    boolean isGiven(String lower) {
        return given.contains(lower);
    }

    boolean mayBeGiven(String lower) {
        return given.contains(lower) || ambiguousGiven.contains(lower);
    }

    boolean isSurname(String lower) {
        return surnames.contains(lower);
    }

    boolean mayBeSurname(String lower) {
        return surnames.contains(lower) || ambiguousSurnames.contains(lower);
    }

    /// Common words that are no given name: "Will" and "May" stay possible names.
    boolean isCommon(String lower) {
        return common.contains(lower) && !mayBeGiven(lower);
    }

    private static List<String> words(String resource) {
        return DataFiles.lines(NameLists.class, resource).stream()
                .flatMap(line -> Arrays.stream(line.split(" ")))
                .map(word -> word.toLowerCase(Locale.ROOT))
                .toList();
    }

    private static Set<String> set(Stream<String> names) {
        return names.map(name -> name.replace("?", "")).collect(Collectors.toUnmodifiableSet());
    }
}
