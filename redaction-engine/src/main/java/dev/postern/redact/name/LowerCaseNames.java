package dev.postern.redact.name;

import dev.postern.redact.scan.ScannedText;
import java.util.Set;

/// Whether what a tier took for a person is one when it has no capital to show for it: "cobalt river" is as likely a
/// pair of nouns. Then a name must be known from the lists, or announced by the words beside it ("my name is …",
/// "call …"); what cannot be read aloud ("dxyuxbecwyvc") is none wherever it stands. A capital is evidence enough:
/// names of languages that no list knows are spelt in ways of their own ("Mqhayi").
///
/// In scripts without capitals nothing is asked.
final class LowerCaseNames {
    /// How likely a surname by itself must be.
    private static final double SURE_ALONE = 0.9;
    private static final int COLON = Hashes.mix(':');
    private static final int COMMA = Hashes.mix(',');

    /// What comes right before a name.
    private static final Set<Integer> NAMING =
            Hashes.ofWords("i'm i’m im c'est c’est name call ask tell email mail message text ping contact remind"
                    + " invite meet met cc named called hi hello hey dear thx thanks bye cheers regards sincerely morning afternoon"
                    + " evening love greetings"
                    + " heiße heisse namens frag frage hallo liebe lieber servus moin danke grüße gruß"
                    + " appelle bonjour salut merci cher chère"
                    + " llamo llama hola gracias querido querida"
                    + " chiamo chiama ciao grazie caro cara"
                    + " heet hoi dag beste groeten groetjes bedankt"
                    + " nazywam imię cześć witaj drogi droga pozdrawiam");
    /// What a name is said to be of, before ":" or "is".
    private static final Set<Integer> HOLDERS =
            Hashes.ofWords("name names author customer client patient caller person user"
                    + " contact assignee owner reporter reviewer manager employee applicant recipient sender from to cc bcc by"
                    + " i this that it he she signed attendees participants"
                    + " vorname nachname kunde kundin ich das nom prénom je nombre cliente apellido nome cognome naam klant ik"
                    + " imię nazwisko klient jestem");
    private static final Set<Integer> LINKS =
            Hashes.ofWords("is am was are bin ist war suis est soy es sono è ben jest");
    private static final Set<Integer> AND = Hashes.ofWords("and or & und oder et ou y e o en of i lub");
    /// What a person does, right after the name.
    private static final Set<Integer> DOING = Hashes.ofWords(
            "said says wrote told asked replied signed lives sagte schrieb disse dijo zei powiedział powiedziała");

    private final LetterPairs letters;
    private final Sentence sentence;
    private final CharSequence text;
    private final CharSequence lower;

    LowerCaseNames(LetterPairs letters, Sentence sentence, ScannedText text) {
        this.letters = letters;
        this.sentence = sentence;
        this.text = text.text();
        this.lower = text.lower();
    }

    /// Whether all letters of the words are small ones, of a script that has others.
    boolean small(int from, int to) {
        boolean cased = false;
        for (int i = from; i < to; i++) {
            if (sentence.shape[i].word()) {
                if (sentence.shape[i] != Shape.LOWER) {
                    return false;
                }
                cased |= Character.isLowerCase(text.charAt(sentence.start[i]));
            }
        }
        return cased;
    }

    /// The first token of the name that can be read.
    int from(int from, int to) {
        int first = from;
        while (first < to && !legible(first)) {
            first++;
        }
        return first;
    }

    /// After the last token of the name that begins at `from` and can be read.
    int to(int from, int to) {
        int last = from;
        while (last < to && legible(last)) {
            last++;
        }
        return last;
    }

    /// Whether there is evidence for it.
    ///
    /// @param after the token after the last name that was accepted in this sentence
    boolean evident(int from, int to, double likely, int after) {
        return listed(from, to, likely) || announced(from, after) || (to < sentence.size() && in(DOING, to));
    }

    private boolean listed(int from, int to, double likely) {
        boolean surname = false;
        boolean frequentSurname = false;
        for (int i = from; i < to; i++) {
            if (!ordinary(i)) {
                if (given(i)) {
                    return true;
                }
                surname |= named(i);
                frequentSurname |= WordClass.COMMON_SURNAME.in(sentence.classes[i]);
            }
        }
        return from + 1 < to ? surname : frequentSurname && likely >= SURE_ALONE;
    }

    private boolean named(int i) {
        return (sentence.classes[i] & WordClass.NAMES) != 0;
    }

    private boolean given(int i) {
        return WordClass.GIVEN.in(sentence.classes[i]) || WordClass.COMMON_GIVEN.in(sentence.classes[i]);
    }

    private boolean ordinary(int i) {
        return (sentence.classes[i] & WordClass.VOCABULARY) != 0;
    }

    private boolean announced(int from, int after) {
        int before = from - 1;
        if (before < 0) {
            return false;
        }
        if (after > 0 && (before == after || before == after - 1) && separates(before)) {
            return true;
        }
        boolean colon = false;
        while (before > 0 && passes(before) && !sign(before, Sentence.POSSESSIVE)) {
            colon |= sign(before, COLON);
            before--;
        }
        if (in(NAMING, before) || WordClass.TITLE.in(sentence.classes[before]) || (colon && in(HOLDERS, before))) {
            return true;
        }
        boolean link = in(LINKS, before) || sign(before, Sentence.POSSESSIVE);
        return link && before > 0 && in(HOLDERS, before - 1);
    }

    private boolean passes(int i) {
        return sentence.shape[i] == Shape.PUNCTUATION || sentence.shape[i] == Shape.NEWLINE;
    }

    private boolean separates(int i) {
        return in(AND, i) || sign(i, COMMA);
    }

    /// By its word, since a key's tokens are not of the text.
    private boolean sign(int i, int word) {
        return sentence.shape[i] == Shape.PUNCTUATION && sentence.word[i] == word;
    }

    private boolean in(Set<Integer> words, int i) {
        return sentence.shape[i].word() && words.contains(sentence.word[i]);
    }

    /// Whether it may be somebody's name by its letters; what a list knows may.
    private boolean legible(int i) {
        return sentence.shape[i] != Shape.LOWER
                || sentence.classes[i] != 0
                || letters.rarity(lower, sentence.start[i], sentence.end[i]) <= LetterPairs.UNLIKELY;
    }
}
