package dev.postern.redact.name;

import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import dev.postern.redact.scan.ScannedText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/// The first person-name detector: lists of names, the shape of words, and what introduces a name. It prefers to miss
/// an unknown lone word over eating the start of every sentence; a trained model takes over later.
public final class NameDetector {
    private static final int LONGEST_NAME = 5;

    private final Entity person;
    private final NameLists lists;

    private NameDetector(Entity person, NameLists lists) {
        this.person = person;
        this.lists = lists;
    }

    /// With the built-in lists.
    public static NameDetector standard(Entity person) {
        return new NameDetector(person, NameLists.standard());
    }

    public Entity person() {
        return person;
    }

    /// All that it can find.
    public Collection<Entity> entities() {
        return List.of(person);
    }

    /// Adds the names of a text, with offsets into [ScannedText#text()].
    public void detect(ScannedText text, List<Span> found) {
        List<Word> words = Word.of(text);
        int i = 0;
        while (i < words.size()) {
            List<Word> run = run(text, words, i);
            if (run.isEmpty()) {
                i += lowerCaseName(text, words, i, found);
            } else {
                judge(text, words, i, run, found);
                i += run.size();
            }
        }
    }

    /// Where the first sentence that begins at `from` ends: names on either side of it do not depend on the other. -1
    /// when
    /// that is not at or before `limit`, or cannot be told before more text comes.
    public int sentenceEnd(String text, int from, int limit) {
        for (int at = from + 1; at <= limit && at < text.length(); at++) {
            if (!Character.isWhitespace(text.charAt(at))
                    && Character.isWhitespace(text.charAt(at - 1))
                    && sentenceEnds(text, from, at)) {
                return at;
            }
        }
        return -1;
    }

    private static boolean sentenceEnds(String text, int from, int next) {
        int end = next;
        boolean line = false;
        while (end > from && Character.isWhitespace(text.charAt(end - 1))) {
            line |= text.charAt(--end) == '\n';
        }
        if (end == from) {
            return false;
        }
        char last = text.charAt(end - 1);
        if (last == '.') {
            int word = end - 1;
            while (word > from && Character.isLetter(text.charAt(word - 1))) {
                word--;
            }
            boolean initial = end - 1 - word == 1 && Character.isUpperCase(text.charAt(word));
            return line
                    || !(initial
                            || NameLists.TITLES.contains(
                                    text.substring(word, end - 1).toLowerCase(Locale.ROOT)));
        }
        return last == '!' || last == '?' || (line && last != ',');
    }

    /// The name itself, and its parts that are worth hiding alone: capitalised words that are no ordinary words.
    public List<String> partsWorthKnowing(String name) {
        List<String> parts = new ArrayList<>();
        for (Word word : Word.of(ScannedText.of(name, "", ""))) {
            boolean ordinary = lists.common().contains(word.lower())
                    || lists.ambiguousGiven().contains(word.lower())
                    || lists.ambiguousSurnames().contains(word.lower())
                    || NameLists.PARTICLES.contains(word.lower())
                    || NameLists.TITLES.contains(word.lower());
            if (!ordinary && Character.isUpperCase(word.text().charAt(0))) {
                parts.add(word.text());
            }
        }
        if (name.indexOf(' ') > 0) {
            parts.add(name);
        }
        return parts;
    }

    /// Words from `first` on that could be one name: capitalised, side by side, particles only between them.
    private List<Word> run(ScannedText text, List<Word> words, int first) {
        if (!Character.isUpperCase(words.get(first).text().charAt(0))) {
            return List.of();
        }
        List<Word> run = new ArrayList<>();
        int lastNamed = 0;
        for (int i = first; i < words.size() && run.size() < LONGEST_NAME; i++) {
            Word word = words.get(i);
            if (!run.isEmpty() && !adjacent(text.text(), words.get(i - 1), word)) {
                break;
            }
            if (nameShaped(word)) {
                run.add(word);
                lastNamed = run.size();
            } else if (!run.isEmpty() && NameLists.PARTICLES.contains(word.lower())) {
                run.add(word);
            } else {
                break;
            }
        }
        return List.copyOf(run.subList(0, lastNamed));
    }

    private boolean nameShaped(Word word) {
        if (word.shouted()) {
            return lists.mayBeGiven(word.lower()) || lists.mayBeSurname(word.lower());
        }
        return word.capitalised()
                && !lists.isCommon(word.lower())
                && !NameLists.TITLES.contains(word.lower())
                && (word.initial() ? !word.text().equals("I") : word.text().length() > 1);
    }

    /// One space, or the dot of an initial and a space.
    private static boolean adjacent(String text, Word left, Word right) {
        int gap = right.start() - left.end();
        boolean dotted = left.initial() && gap >= 1 && text.charAt(left.end()) == '.';
        int spaces = dotted ? gap - 1 : gap;
        return spaces <= 1 && (spaces == 0 ? dotted : blank(text.charAt(right.start() - 1)));
    }

    private static boolean blank(char c) {
        return c == ' ' || c == '\u00A0';
    }

    private void judge(ScannedText text, List<Word> words, int first, List<Word> run, List<Span> found) {
        int last = run.size() - 1;
        Word after = first + run.size() < words.size() ? words.get(first + run.size()) : null;
        boolean titled = first > 0 && titleBefore(text.text(), words.get(first - 1), run.getFirst());
        boolean organisation = NameLists.NOT_PEOPLE.contains(run.get(last).lower())
                || (after != null
                        && after.start() - run.get(last).end() == 1
                        && Character.isUpperCase(after.text().charAt(0))
                        && NameLists.NOT_PEOPLE.contains(after.lower()));
        if (titled) {
            add(run, 0, last, 0.95, found);
        } else if (organisation) {
            return;
        } else if (introduced(text, words, first, run.getFirst())
                && !run.getFirst().shouted()) {
            add(run, 0, last, 0.85, found);
        } else {
            byLists(run, found);
        }
    }

    private void byLists(List<Word> run, List<Span> found) {
        int last = run.size() - 1;
        for (int i = 0; i <= last; i++) {
            Word word = run.get(i);
            boolean lastIsSurname = i < last && lists.mayBeSurname(run.get(last).lower());
            boolean shouted = run.get(last).shouted();
            if (lists.isGiven(word.lower()) && (i < last ? (!shouted || lastIsSurname) : !shouted)) {
                add(run, i, last, i < last ? 0.85 : 0.6, found);
                return;
            }
            boolean sureSurname = i < last && lists.isSurname(run.get(last).lower());
            if ((lists.ambiguousGiven().contains(word.lower()) && lastIsSurname)
                    || (word.initial() && (lastIsSurname || twoInitials(run, i)))
                    || (sureSurname && !shouted && i == 0)) {
                add(run, i, last, 0.7, found);
                return;
            }
        }
    }

    /// "J. K. Rowling": two initials vouch for an unknown surname.
    private static boolean twoInitials(List<Word> run, int at) {
        return at + 2 < run.size()
                && run.get(at + 1).initial()
                && !run.getLast().initial();
    }

    /// "my name is john smith": no capitals, so the lists decide alone.
    private int lowerCaseName(ScannedText text, List<Word> words, int at, List<Span> found) {
        Word word = words.get(at);
        boolean announced = lists.isGiven(word.lower())
                && Character.isLowerCase(word.text().charAt(0))
                && precededBy(text.lower(), word.start(), "name is ");
        if (!announced) {
            return 1;
        }
        boolean surname = at + 1 < words.size()
                && adjacent(text.text(), word, words.get(at + 1))
                && lists.mayBeSurname(words.get(at + 1).lower());
        Word end = surname ? words.get(at + 1) : word;
        found.add(new Span(word.start(), end.end(), person, 0.7));
        return surname ? 2 : 1;
    }

    private static boolean titleBefore(String text, Word title, Word name) {
        int gap = name.start() - title.end();
        return NameLists.TITLES.contains(title.lower())
                && gap >= 1
                && gap <= 2
                && blank(text.charAt(name.start() - 1))
                && (gap == 1 || text.charAt(title.end()) == '.');
    }

    private boolean introduced(ScannedText text, List<Word> words, int first, Word name) {
        boolean byPhrase =
                NameLists.PHRASES.stream().anyMatch(phrase -> precededBy(text.lower(), name.start(), phrase));
        if (byPhrase) {
            return name.text().length() > 2 || lists.mayBeGiven(name.lower());
        }
        return first > 0
                && name.start() - words.get(first - 1).end() == 1
                && blank(text.text().charAt(name.start() - 1))
                && NameLists.INTRODUCTIONS.contains(words.get(first - 1).lower());
    }

    private static boolean precededBy(String lower, int at, String phrase) {
        int from = at - phrase.length();
        return from >= 0
                && lower.startsWith(phrase, from)
                && (from == 0 || !Character.isLetterOrDigit(lower.charAt(from - 1)));
    }

    private void add(List<Word> run, int first, int last, double score, List<Span> found) {
        found.add(new Span(run.get(first).start(), run.get(last).end(), person, score));
    }
}
