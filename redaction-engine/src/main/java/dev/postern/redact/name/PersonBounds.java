package dev.postern.redact.name;

import java.util.Locale;
import java.util.Set;

/// Where a person's name that a tier found really begins and ends: greetings before it, and ordinary words on either
/// side, are no part of it.
final class PersonBounds {
    private static final Set<Integer> GREETINGS = Hashes.ofWords(
            "hi hello hey dear thanks cheers regards hallo hoi dag lieve beste geachte groet groeten groetjes liefs"
                    + " liebe lieber gruß grüße grüsse servus moin bonjour salut coucou bisous bises cher chère"
                    + " cordialement hola querido querida estimado estimada saludos abrazos besos ciao buongiorno"
                    + " buonasera caro cara gentile gentili egregio saluti baci cześć hej witaj drogi droga"
                    + " pozdrawiam pozdrowienia szanowny szanowna"
                    + " olá oi prezado prezada atenciosamente cumprimentos abraço abraços obrigado obrigada");
    /// What names go on after with a capital: "DeShawn", "FitzGerald".
    private static final Set<String> NAME_PREFIXES = Set.of(
            "al", "as", "ben", "bin", "d", "da", "de", "del", "di", "du", "el", "fitz", "ibn", "jo", "la", "le", "mac",
            "mc", "o", "st", "van");
    /// After `@` in a program's comments; `param` and `throws` are followed by a name of the program's own.
    private static final Set<Integer> TAGS =
            Hashes.ofWords("param return returns throws exception see since author version"
                    + " deprecated link linkplain code literal value serial override type property");
    private static final Set<Integer> NAMING_TAGS = Hashes.ofWords("param throws exception property");
    /// What is before a tag: `@param`, `:param`.
    private static final Set<Integer> TAG_SIGNS = Set.of(Hashes.mix('@'), Hashes.mix(':'), Hashes.mix('\\'));
    /// What makes a compound a label: "Ausweis-Nr.", "Content-Type:".
    private static final int LABEL_SIGNS = 3;

    private final Sentence sentence;
    private final CharSequence text;

    PersonBounds(Sentence sentence, CharSequence text) {
        this.sentence = sentence;
        this.text = text;
    }

    /// The first token of the name; `to` when there is none.
    int from(int from, int to) {
        int first = from;
        for (int i = from; i < to; i++) {
            if (GREETINGS.contains(sentence.word[i]) && !(i == from && from + 1 == to && given(i))) {
                first = i + 1;
            } else if (first == i && (sentence.shape[i] == Shape.PUNCTUATION || ordinary(i) || adjective(i, to))) {
                first = i + 1;
            }
        }
        boolean none = (first + 1 == to && label(first)) || (sentence.program() && !anyGiven(first, to));
        return none ? to : first;
    }

    private boolean anyGiven(int from, int to) {
        for (int i = from; i < to; i++) {
            if (WordClass.COMMON_GIVEN.in(sentence.classes[i]) || WordClass.GIVEN.in(sentence.classes[i])) {
                return true;
            }
        }
        return false;
    }

    /// After the last token of the name.
    int to(int from, int to) {
        int last = to;
        while (last > from && (ordinary(last - 1) || particle(last - 1))) {
            last--;
        }
        return last;
    }

    /// Whether the word `i`, which stands next to a name, is part of it: capitalised as only names are here, and known
    /// for nothing else.
    ///
    /// @param gap the token before the blank between them
    boolean goesOn(int gap, int i) {
        boolean apart = gap + 1 < sentence.size() && sentence.start[gap + 1] - sentence.end[gap] == 1;
        return apart
                && sentence.letterCase() == Sentence.Case.USUAL
                && (sentence.shape[i] == Shape.CAPITALISED || sentence.shape[i] == Shape.COMPOUND)
                && (sentence.classes[i] & ~WordClass.NAMES) == 0
                && !GREETINGS.contains(sentence.word[i])
                && i > 0;
    }

    /// "early Kolar": a word in lower case before the capital of a name, though there are people of that name.
    private boolean adjective(int i, int to) {
        return sentence.shape[i] == Shape.LOWER
                && i + 1 < to
                && sentence.shape[i + 1].capital()
                && WordClass.COMMON.in(sentence.classes[i])
                && !WordClass.PARTICLE.in(sentence.classes[i]);
    }

    private boolean given(int i) {
        return WordClass.COMMON_GIVEN.in(sentence.classes[i]);
    }

    private boolean named(int i) {
        return (sentence.classes[i] & WordClass.NAMES) != 0;
    }

    private boolean particle(int i) {
        return sentence.shape[i] == Shape.LOWER && WordClass.PARTICLE.in(sentence.classes[i]) && !named(i);
    }

    /// A word in lower case among others with capitals; where capitals tell nothing, one that is known for no name.
    private boolean ordinary(int i) {
        if (identifier(i) || tag(i, TAGS) || (tag(i - 1, NAMING_TAGS) && sentence.shape[i] == Shape.LOWER)) {
            return true;
        }
        if (!sentence.shape[i].word() || named(i) || WordClass.PARTICLE.in(sentence.classes[i])) {
            return false;
        }
        boolean known = WordClass.COMMON.in(sentence.classes[i]) || WordClass.FUNCTION.in(sentence.classes[i]);
        return switch (sentence.letterCase()) {
            case USUAL, TITLE -> sentence.shape[i] == Shape.LOWER;
            case LOWER, UPPER -> known && !WordClass.TITLE.in(sentence.classes[i]);
        };
    }

    /// "@param", ":param".
    private boolean tag(int i, Set<Integer> tags) {
        return i > 0
                && tags.contains(sentence.word[i])
                && sentence.shape[i - 1] == Shape.PUNCTUATION
                && TAG_SIGNS.contains(sentence.word[i - 1])
                && sentence.end[i - 1] == sentence.start[i];
    }

    /// "ValueError", "issuedBy", "db-secret".
    private boolean identifier(int i) {
        boolean known = named(i) && (sentence.classes[i] & WordClass.VOCABULARY) == 0;
        boolean followed = i + 1 < sentence.size() && sentence.shape[i + 1].word();
        // "db-secret", but "li-chu bock".
        boolean lower = sentence.shape[i] == Shape.LOWER && !known && !followed;
        if (!lower && sentence.shape[i] != Shape.MIXED && sentence.shape[i] != Shape.COMPOUND) {
            return false;
        }
        int from = sentence.start[i];
        int hyphen = from;
        while (hyphen < sentence.end[i] && text.charAt(hyphen) != '-') {
            hyphen++;
        }
        if (hyphen < sentence.end[i] && Character.isLowerCase(text.charAt(from))) {
            // "anti-American", but "al-Sayed".
            return !NAME_PREFIXES.contains(text.subSequence(from, hyphen).toString());
        }
        if (lower || sentence.shape[i] == Shape.COMPOUND) {
            return false;
        }
        int hump = from;
        while (hump < sentence.end[i]
                && !(hump > from
                        && Character.isUpperCase(text.charAt(hump))
                        && Character.isLowerCase(text.charAt(hump - 1)))) {
            hump++;
        }
        String prefix = text.subSequence(from, hump).toString();
        return hump < sentence.end[i]
                && (Character.isLowerCase(prefix.charAt(0))
                        || !NAME_PREFIXES.contains(prefix.toLowerCase(Locale.ROOT)));
    }

    private boolean label(int i) {
        if ((sentence.shape[i] != Shape.COMPOUND && sentence.shape[i] != Shape.MIXED) || anyGiven(i, i + 1)) {
            return false;
        }
        int end = sentence.end[i];
        for (int at = end; at < Math.min(text.length(), end + LABEL_SIGNS); at++) {
            char c = text.charAt(at);
            if (c == ':' || c == '=' || (c >= '0' && c <= '9')) {
                return true;
            }
            if (c != '.' && c != ' ') {
                return false;
            }
        }
        return false;
    }
}
