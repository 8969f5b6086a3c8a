package dev.postern.redact.name;

import java.util.Locale;
import java.util.Set;

/// Splits a text into tokens and sentences. Linear in the text: a token is read at most twice.
///
/// Tokens are words ("O'Brien", "Anne-Marie"; `'s` stands apart), numbers, signs, line ends, and identifiers: what
/// holds `@`, `_`, `://` or dots inside is no word and never part of a name. A sentence ends at `.`, `!` or `?` before
/// a blank, but not after an initial or abbreviation; at an empty line, but not after `,` or `:`; and after
/// [Sentence#MOST] tokens at the latest.
final class SentenceReader {
    private static final int LONGEST_WORD = 40;
    private static final int LONGEST_ABBREVIATION = 20;
    private static final int LONGEST_TAG = 10;
    private static final Set<String> TAGS = Set.of(
            "a",
            "b",
            "i",
            "p",
            "u",
            "br",
            "hr",
            "td",
            "th",
            "tr",
            "li",
            "ul",
            "ol",
            "dl",
            "dt",
            "dd",
            "em",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "div",
            "span",
            "label",
            "input",
            "option",
            "select",
            "button",
            "form",
            "table",
            "thead",
            "tbody",
            "body",
            "html",
            "head",
            "title",
            "strong",
            "small",
            "code",
            "pre",
            "img",
            "link",
            "meta",
            "nav",
            "main",
            "section",
            "article",
            "header",
            "footer",
            "script",
            "style",
            "textarea");
    /// Where a long sentence may be cut: at a sign after so many tokens.
    private static final int EARLIEST_CUT = 40;
    private static final Set<String> ABBREVIATIONS = Set.of(
            "st", "mt", "ft", "jr", "sr", "vs", "no", "nr", "tel", "str", "ul", "al", "approx", "dept", "est", "ext",
            "apt", "ave", "rd", "blvd", "bzw", "ca", "inkl", "geb", "gest", "p", "pp", "vol", "ed", "eds", "gen", "col",
            "lt", "maj", "hon", "fr", "e.g", "i.e", "u.s", "messrs", "mme", "mlle", "dott", "ing", "avv", "sig", "mgr",
            "inż", "os", "wg", "bd", "av", "avda", "z.b", "d.h", "m.in");

    private final CharSequence text;
    private final CharSequence lower;
    private final Gazetteer gazetteer;
    private int at;

    SentenceReader(CharSequence text, CharSequence lower, Gazetteer gazetteer) {
        this.text = text;
        this.lower = lower;
        this.gazetteer = gazetteer;
    }

    /// Fills the next sentence; `false` at the end of the text.
    boolean next(Sentence sentence) {
        sentence.clear();
        // A word may be two tokens.
        while (sentence.size() < Sentence.MOST - 1 && at < text.length()) {
            char c = text.charAt(at);
            if (blank(c)) {
                if (blanks(sentence)) {
                    break;
                }
            } else if (Character.isLetter(c)) {
                word(sentence);
            } else if (c >= '0' && c <= '9') {
                number(sentence);
            } else {
                sign(sentence);
                if ((c == '.' || c == '!' || c == '?') && endsBefore(text, 0, at, gazetteer)) {
                    break;
                }
            }
        }
        if (sentence.size() >= Sentence.MOST - 1 && at < text.length()) {
            cut(sentence);
        }
        sentence.judgeCase();
        return sentence.size() > 0;
    }

    /// Rather at a sign than inside a name.
    private void cut(Sentence sentence) {
        for (int i = sentence.size() - 1; i >= EARLIEST_CUT; i--) {
            if (sentence.shape[i] == Shape.NEWLINE || sentence.shape[i] == Shape.PUNCTUATION) {
                at = sentence.end[i];
                sentence.shrinkTo(i + 1);
                return;
            }
        }
    }

    /// Whether the sentence ends with them.
    private boolean blanks(Sentence sentence) {
        int from = at;
        int lines = 0;
        while (at < text.length() && blank(text.charAt(at))) {
            lines += text.charAt(at) == '\n' ? 1 : 0;
            at++;
        }
        if (lines == 0 || sentence.size() == 0) {
            return false;
        }
        int i = add(sentence, from, at, Shape.NEWLINE);
        sentence.word[i] = lines > 1 ? 2 : 1;
        return endsWithEmptyLine(text, from, at);
    }

    private void word(Sentence sentence) {
        int from = at;
        int end = from + 1;
        while (end < text.length() && (inWord(text.charAt(end)) || linked(end))) {
            end++;
        }
        if (joined(end) || end - from > LONGEST_WORD) {
            identifier(sentence, from, end);
            return;
        }
        if (end - from > 2 && lower.charAt(end - 1) == 's' && apostrophe(text.charAt(end - 2))) {
            end -= 2;
        }
        at = end;
        addWord(sentence, from, end);
        if (at + 1 < text.length() && apostrophe(text.charAt(at)) && lower.charAt(at + 1) == 's') {
            int i = add(sentence, at, at + 2, Shape.PUNCTUATION);
            sentence.word[i] = Sentence.POSSESSIVE;
            at += 2;
        }
    }

    private void addWord(Sentence sentence, int from, int end) {
        int i = add(sentence, from, end, shape(from, end));
        int hash = Hashes.of(lower, from, end);
        sentence.word[i] = hash;
        sentence.classes[i] = classes(hash, from, end);
        sentence.suffix2[i] = Hashes.of(lower, Math.max(from, end - 2), end);
        sentence.suffix3[i] = Hashes.of(lower, Math.max(from, end - 3), end);
        sentence.prefix2[i] = Hashes.of(lower, from, Math.min(end, from + 2));
        sentence.prefix3[i] = Hashes.of(lower, from, Math.min(end, from + 3));
    }

    /// Of a word that no list knows: what its parts are ("Anne-Marie", "d'Alembert").
    private int classes(int hash, int from, int end) {
        int known = gazetteer.classes(hash);
        if (known != 0) {
            return known;
        }
        int parts = 0;
        int start = from;
        for (int i = from; i <= end; i++) {
            if (i == end ? start > from : !Character.isLetter(text.charAt(i))) {
                parts |= gazetteer.classes(Hashes.of(lower, start, i));
                start = i + 1;
            }
        }
        return parts;
    }

    private void number(Sentence sentence) {
        int from = at;
        int end = from + 1;
        boolean letters = false;
        while (end < text.length()) {
            char c = text.charAt(end);
            boolean inside = end + 1 < text.length() && digit(text.charAt(end + 1)) && ".,:/-".indexOf(c) >= 0;
            if (!digit(c) && !Character.isLetter(c) && !inside) {
                break;
            }
            letters |= Character.isLetter(c);
            end++;
        }
        if (joined(end) || end - from > LONGEST_WORD) {
            identifier(sentence, from, end);
            return;
        }
        at = end;
        int i = add(sentence, from, end, letters ? Shape.LETTERS_AND_DIGITS : Shape.NUMBER);
        sentence.word[i] = Hashes.join(letters ? 5 : 4, Math.min(end - from, 6));
        sentence.suffix2[i] = Hashes.of(lower, Math.max(from, end - 2), end);
    }

    private void sign(Sentence sentence) {
        int from = at;
        int tag = text.charAt(at) == '<' ? tagEnd(at + 1) : at;
        if (tag > at) {
            at = tag;
            sentence.word[add(sentence, from, at, Shape.IDENTIFIER)] = 7;
            return;
        }
        int length = Character.isHighSurrogate(text.charAt(at))
                        && at + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(at + 1))
                ? 2
                : 1;
        // "Anna 's": a possessive that stands apart.
        boolean possessive = apostrophe(text.charAt(from))
                && at + 1 < text.length()
                && lower.charAt(at + 1) == 's'
                && (at + 2 == text.length() || !Character.isLetterOrDigit(text.charAt(at + 2)));
        at += possessive ? 2 : length;
        sentence.countSign(text.charAt(from));
        int i = add(sentence, from, at, Shape.PUNCTUATION);
        sentence.word[i] = possessive ? Sentence.POSSESSIVE : length == 2 ? 6 : Hashes.mix(text.charAt(from));
    }

    /// After the name of an HTML element that stands here, and after its `>` when that is next; `from` - 1 when none
    /// does.
    private int tagEnd(int from) {
        int name = from < text.length() && text.charAt(from) == '/' ? from + 1 : from;
        int end = name;
        while (end < text.length() && end - name <= LONGEST_TAG && Character.isLetterOrDigit(text.charAt(end))) {
            end++;
        }
        if (end == text.length() || !TAGS.contains(lower.subSequence(name, end).toString())) {
            return from - 1;
        }
        char c = text.charAt(end);
        return c == '>' ? end + 1 : c == ' ' || c == '/' ? end : from - 1;
    }

    /// What was read up to `read` and goes on up to a blank, or a sign that identifiers do not hold.
    private void identifier(Sentence sentence, int from, int read) {
        int end = read;
        boolean plain = true;
        while (end < text.length()) {
            char c = text.charAt(end);
            if (c <= ' ' || Character.isWhitespace(c) || ",;\"'()<>[]{}|".indexOf(c) >= 0) {
                break;
            }
            // `customer_name=Anna`, but not an address that has a query.
            if (c == '=' && plain && end + 1 < text.length() && Character.isUpperCase(text.charAt(end + 1))) {
                break;
            }
            plain &= c == '_' || Character.isLetterOrDigit(c);
            end++;
        }
        while (end > read && ".:!?".indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        at = end;
        int i = add(sentence, from, at, Shape.IDENTIFIER);
        sentence.word[i] = 7;
    }

    private int add(Sentence sentence, int from, int end, Shape shape) {
        int i = sentence.next();
        sentence.start[i] = from;
        sentence.end[i] = end;
        sentence.shape[i] = shape;
        sentence.classes[i] = 0;
        sentence.suffix2[i] = 0;
        sentence.suffix3[i] = 0;
        sentence.prefix2[i] = 0;
        sentence.prefix3[i] = 0;
        return i;
    }

    private Shape shape(int from, int end) {
        int capitals = 0;
        int small = 0;
        int parts = 1;
        int capitalParts = 0;
        boolean startsPart = true;
        for (int i = from; i < end; i++) {
            char c = text.charAt(i);
            if (!Character.isLetter(c)) {
                startsPart = true;
                parts += Character.getType(c) == Character.NON_SPACING_MARK ? 0 : 1;
                continue;
            }
            boolean capital = Character.isUpperCase(c) || Character.isTitleCase(c);
            capitals += capital ? 1 : 0;
            small += Character.isLowerCase(c) ? 1 : 0;
            capitalParts += capital && startsPart ? 1 : 0;
            startsPart = false;
        }
        boolean first = Character.isUpperCase(text.charAt(from));
        if (capitals == 0) {
            return Shape.LOWER;
        }
        if (small == 0) {
            return capitals == 1 && end - from == 1 ? Shape.INITIAL : Shape.CAPITALS;
        }
        if (first && capitals == 1) {
            return Shape.CAPITALISED;
        }
        boolean scottish = first
                && capitals == 2
                && (lower.charAt(from + 1) == 'c'
                        || (end - from > 4 && lower.charAt(from + 2) == 'c' && lower.charAt(from + 1) == 'a'));
        return (parts > 1 && capitalParts == capitals) || scottish ? Shape.COMPOUND : Shape.MIXED;
    }

    /// Whether a sentence that began at `from` or later ends with the sign before `at`. What follows the blanks after
    /// it must be known.
    static boolean endsBefore(CharSequence text, int from, int at, Gazetteer gazetteer) {
        if (at < text.length() && !blank(text.charAt(at))) {
            return false;
        }
        char sign = text.charAt(at - 1);
        if (sign != '.') {
            return sign == '!' || sign == '?';
        }
        // In texts that were cut into tokens, and joined again, the sign stands apart: "Edward D . Farr".
        int end = at - 1 > from && text.charAt(at - 2) == ' ' ? at - 2 : at - 1;
        int word = end;
        while (word > from && at - word <= LONGEST_ABBREVIATION && Character.isLetter(text.charAt(word - 1))) {
            word--;
        }
        String before = text.subSequence(word, end).toString();
        String lower = before.toLowerCase(Locale.ROOT);
        if ((before.length() == 1 && Character.isUpperCase(before.charAt(0)))
                || ABBREVIATIONS.contains(lower)
                || WordClass.TITLE.in(gazetteer.classes(Hashes.of(lower)))) {
            return false;
        }
        int next = at;
        while (next < text.length() && text.charAt(next) == ' ') {
            next++;
        }
        return next == text.length() || !Character.isLowerCase(text.charAt(next));
    }

    /// Whether a sentence ends with the empty line between `end` and `next`.
    static boolean endsWithEmptyLine(CharSequence text, int end, int next) {
        char last = text.charAt(end - 1);
        int lines = 0;
        for (int i = end; i < next; i++) {
            lines += text.charAt(i) == '\n' ? 1 : 0;
        }
        return lines > 1 && last != ',' && last != ':';
    }

    private static boolean blank(char c) {
        return c <= ' ' || Character.isWhitespace(c) || c == '\u0085';
    }

    private boolean inWord(char c) {
        int type = Character.getType(c);
        return Character.isLetter(c) || type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    private boolean linked(int i) {
        char c = text.charAt(i);
        return (apostrophe(c) || c == '-') && i + 1 < text.length() && Character.isLetter(text.charAt(i + 1));
    }

    /// Whether what ends here goes on as an identifier: `user_1`, `jane@example.org`, `example.com`, `call()`.
    private boolean joined(int i) {
        if (i >= text.length()) {
            return false;
        }
        char c = text.charAt(i);
        char next = i + 1 < text.length() ? text.charAt(i + 1) : ' ';
        return switch (c) {
            case '_', '@' -> true;
            case '.' -> Character.isLowerCase(next) && i >= 2 && Character.isLetterOrDigit(text.charAt(i - 2));
            case '(' -> !digit(next) && next > ' ';
            case ':' -> next == '/' || next == ':';
            case '/', '\\' -> Character.isLowerCase(next) && Character.isLowerCase(text.charAt(i - 1));
            default -> digit(c);
        };
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean apostrophe(char c) {
        return c == '\'' || c == '’';
    }
}
