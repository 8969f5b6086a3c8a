package dev.postern.redact.name;

import java.util.Set;

/// Whether what a tier took for a person stands in a program, its comments or its settings, where most words with a
/// capital are types, constants and the beginnings of sentences. There a name must be known from the lists, or
/// announced: by a word such as "author", or by a field that is called a name (`last_name="…"`).
///
/// It looks at the sentence alone, line by line.
final class ProgramNames {
    /// Words of programs that are hardly ever names, though the lists know some of them.
    private static final Set<Integer> RESERVED =
            Hashes.ofWords("true false none null nil elif kwargs args param params init"
                    + " conn uri url abi sys len lim buf ptr ctx cfg cmd tmp string boolean bool char charset whitespace errno"
                    + " stdout stderr stdin javadoc nullable enum var val struct");
    /// Words that are names outside programs.
    private static final Set<Integer> KEYWORDS =
            Hashes.ofWords("else case class static void int long short byte float double"
                    + " object array list dict tuple map set node field key value index type block error optional default const"
                    + " final import package dev sha md counter duration self");
    private static final Set<Integer> ANNOUNCING =
            Hashes.ofWords("author authors by thanks thank copyright todo fixme credit"
                    + " credits courtesy contributed contributor contributors maintainer maintainers written reported reviewed"
                    + " signed suggested created owner translator translators ask dr mr mrs ms prof");
    private static final String[] NAME_FIELDS = {
        "name",
        "author",
        "owner",
        "user",
        "customer",
        "client",
        "patient",
        "assignee",
        "by",
        "caller",
        "contact",
        "todo",
        "fixme"
    };
    /// What joins a name of a program to what is before it, without a blank.
    private static final String JOINS_BEFORE = ".*&_#[/\\$%~^";
    private static final String JOINS_AFTER = "([_*$^~\\";
    /// One in so many tokens of a line makes it one of a program.
    private static final int PROGRAM_SHARE = 5;
    /// How many signs a line's last `;` counts for.
    private static final int LINE_CLOSED = 3;
    private static final int FARTHEST_ANNOUNCEMENT = 4;

    private final Sentence sentence;
    private final CharSequence text;
    private final CharSequence lower;

    ProgramNames(Sentence sentence, CharSequence text, CharSequence lower) {
        this.sentence = sentence;
        this.text = text;
        this.lower = lower;
    }

    /// Whether the words `[from, to)` are rather something of a program than a person.
    ///
    /// @param before the first token of the text: those of the key stand before it
    boolean likely(int before, int from, int to) {
        boolean single = from + 1 == to;
        if (single && (joined(before, from) || (RESERVED.contains(sentence.word[from]) && !announced(before, from)))) {
            return true;
        }
        int first = lineStart(before, from);
        int last = lineEnd(to);
        boolean program = sentence.program() || program(first, last);
        boolean shouted = shouted(from, to) && (words(from, to) < 2 || anyOrdinary(from, to));
        if (!program && !shouted && !comment(before, first, last)) {
            return false;
        }
        if (announced(before, from)) {
            return false;
        }
        if (program || shouted) {
            return single ? !listed(from) : !anyListed(from, to);
        }
        return single ? !named(from) || keyword(from) : anyKeyword(from, to) && !anyListed(from, to);
    }

    /// "io.Reader", "*Config", "Reader(".
    private boolean joined(int before, int i) {
        if (i > before && touches(i - 1) && JOINS_BEFORE.indexOf(sign(i - 1)) >= 0) {
            boolean title = sign(i - 1) == '.' && i - 2 >= before && WordClass.TITLE.in(sentence.classes[i - 2]);
            boolean path = sign(i - 1) == '/' && named(i);
            return !title && !path;
        }
        int end = sentence.end[i];
        return end < text.length()
                && i + 1 < sentence.size()
                && sentence.start[i + 1] == end
                && JOINS_AFTER.indexOf(text.charAt(end)) >= 0;
    }

    private boolean touches(int i) {
        return sentence.shape[i] == Shape.PUNCTUATION && sentence.end[i] == sentence.start[i + 1];
    }

    private char sign(int i) {
        return sentence.shape[i] == Shape.PUNCTUATION ? text.charAt(sentence.start[i]) : ' ';
    }

    private int lineStart(int before, int from) {
        int first = from;
        while (first > before && sentence.shape[first - 1] != Shape.NEWLINE) {
            first--;
        }
        return first;
    }

    private int lineEnd(int to) {
        int last = to;
        while (last < sentence.size() && sentence.shape[last] != Shape.NEWLINE) {
            last++;
        }
        return last;
    }

    private boolean program(int first, int last) {
        int signs = 0;
        boolean mail = false;
        for (int i = first; i < last; i++) {
            if (sentence.shape[i] == Shape.IDENTIFIER) {
                mail |= holds(i, '@');
                continue;
            }
            signs += switch (sign(i)) {
                case '{', '}', '=' -> 1;
                case '<', '>' -> beside(first, i, last) ? 1 : 0;
                case ';' -> i + 1 == last ? LINE_CLOSED : 0;
                case '*', '&' -> i > first + 1 ? 1 : 0;
                case '(' -> i > first && sentence.end[i - 1] == sentence.start[i] ? 1 : 0;
                case ')' -> i + 1 < last && touches(i) && ":;{.".indexOf(sign(i + 1)) >= 0 ? 1 : 0;
                default -> 0;
            };
        }
        return !mail && signs > 0 && signs * PROGRAM_SHARE >= last - first;
    }

    /// Whether what is on either side of the sign touches it.
    private boolean beside(int first, int i, int last) {
        return (i > first && sentence.end[i - 1] == sentence.start[i] && sign(i - 1) == ' ')
                || (i + 1 < last && sentence.end[i] == sentence.start[i + 1] && sign(i + 1) == ' ');
    }

    private boolean holds(int i, char sign) {
        for (int at = sentence.start[i]; at < sentence.end[i]; at++) {
            if (text.charAt(at) == sign) {
                return true;
            }
        }
        return false;
    }

    /// Whether the line begins as comments do. The beginning of a sentence's first line may be in the sentence before:
    /// then the next line tells.
    private boolean comment(int before, int first, int last) {
        if (opens(first)) {
            return true;
        }
        return first == before && last < sentence.size() && opens(last + 1);
    }

    private boolean opens(int i) {
        if (i >= sentence.size()) {
            return false;
        }
        char sign = sign(i);
        char next = i + 1 < sentence.size() && sentence.end[i] == sentence.start[i + 1] ? sign(i + 1) : ' ';
        return sign == '*' || sign == '#' || (sign == '/' && (next == '/' || next == '*'));
    }

    /// Words in capitals only.
    private boolean shouted(int from, int to) {
        for (int i = from; i < to; i++) {
            if (sentence.shape[i].word() && sentence.shape[i] != Shape.CAPITALS && sentence.shape[i] != Shape.INITIAL) {
                return false;
            }
        }
        return true;
    }

    private int words(int from, int to) {
        int words = 0;
        for (int i = from; i < to; i++) {
            words += sentence.shape[i].word() ? 1 : 0;
        }
        return words;
    }

    /// "PUBLIC LICENSE", but not "OYELARAN BABATUNDE".
    private boolean anyOrdinary(int from, int to) {
        for (int i = from; i < to; i++) {
            if ((sentence.classes[i] & WordClass.VOCABULARY) != 0) {
                return true;
            }
        }
        return false;
    }

    private boolean announced(int before, int from) {
        int i = from - 1;
        boolean assigned = false;
        for (int steps = 0; i >= before && steps < FARTHEST_ANNOUNCEMENT; steps++, i--) {
            if (sentence.shape[i].word()) {
                return ANNOUNCING.contains(sentence.word[i])
                        || WordClass.TITLE.in(sentence.classes[i])
                        || (assigned && nameField(i));
            }
            if (sentence.shape[i] == Shape.IDENTIFIER) {
                return assigned && nameField(i);
            }
            char sign = sign(i);
            assigned |= sign == '=' || sign == ':' || sign == '>' || (sign == '(' && i > before);
            if (sentence.shape[i] == Shape.NEWLINE && steps > 0) {
                return false;
            }
        }
        return i < before && before > 0;
    }

    /// `last_name`, `customerName`, `created_by`, `TODO(`.
    private boolean nameField(int i) {
        int start = sentence.start[i];
        int end = sentence.end[i];
        for (String field : NAME_FIELDS) {
            int from = end - field.length();
            if (from >= start && field.contentEquals(lower.subSequence(from, end))) {
                return true;
            }
        }
        return false;
    }

    private boolean anyKeyword(int from, int to) {
        for (int i = from; i < to; i++) {
            if (keyword(i)) {
                return true;
            }
        }
        return false;
    }

    private boolean anyListed(int from, int to) {
        for (int i = from; i < to; i++) {
            if ((given(i) || WordClass.COMMON_SURNAME.in(sentence.classes[i])) && !keyword(i)) {
                return true;
            }
        }
        return false;
    }

    /// A given name that is no ordinary word.
    private boolean listed(int i) {
        return sentence.shape[i] != Shape.LOWER
                && given(i)
                && !keyword(i)
                && (sentence.classes[i] & WordClass.VOCABULARY) == 0;
    }

    private boolean keyword(int i) {
        return KEYWORDS.contains(sentence.word[i]) || RESERVED.contains(sentence.word[i]);
    }

    private boolean given(int i) {
        return WordClass.COMMON_GIVEN.in(sentence.classes[i]) || WordClass.GIVEN.in(sentence.classes[i]);
    }

    private boolean named(int i) {
        return (sentence.classes[i] & WordClass.NAMES) != 0;
    }
}
