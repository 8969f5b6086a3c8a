package dev.postern.redact.pack;

/// Writes ranges in the character classes of a pattern as lists: `[a-f\d]` as `[abcdef0123456789]`. It means the same.
/// java.util.regex looks a character of a list up in one table, and asks for each range by itself, which takes several
/// times as long.
final class CharacterLists {
    private static final int HEXADECIMAL = 4;

    private final String regex;
    private final StringBuilder written;
    private int at;

    private CharacterLists(String regex) {
        this.regex = regex;
        this.written = new StringBuilder(2 * regex.length());
    }

    /// The same pattern.
    ///
    /// @param regex without classes within classes and without `\Q`
    static String in(String regex) {
        return new CharacterLists(regex).write();
    }

    private String write() {
        boolean inClass = false;
        while (at < regex.length()) {
            char c = regex.charAt(at);
            if (c == '\\') {
                escape(inClass);
            } else if (inClass && range()) {
                list(c, regex.charAt(at + 2));
                at += 3;
            } else {
                // What opens a class may be the first in it, and so may what closes it.
                boolean opens = !inClass && c == '[';
                inClass = opens || (inClass && c != ']');
                copy(1);
                if (opens && regex.startsWith("^", at)) {
                    copy(1);
                }
                if (opens && regex.startsWith("]", at)) {
                    copy(1);
                }
            }
        }
        return written.toString();
    }

    private void escape(boolean inClass) {
        if (inClass && regex.startsWith("\\d", at)) {
            list('0', '9');
            at += 2;
        } else {
            // What follows is no beginning of a range.
            copy(regex.startsWith("\\u", at) ? 2 + HEXADECIMAL : 2);
            if (inClass && regex.startsWith("-", at)) {
                copy(2);
            }
        }
    }

    /// Whether a range of small letters, capitals or digits stands here.
    private boolean range() {
        if (at + 2 >= regex.length() || regex.charAt(at + 1) != '-') {
            return false;
        }
        char from = regex.charAt(at);
        char to = regex.charAt(at + 2);
        return within('a', from, to, 'z') || within('A', from, to, 'Z') || within('0', from, to, '9');
    }

    private static boolean within(char first, char from, char to, char last) {
        return first <= from && from <= to && to <= last;
    }

    private void list(char from, char to) {
        for (char c = from; c <= to; c++) {
            written.append(c);
        }
    }

    private void copy(int length) {
        int end = Math.min(regex.length(), at + length);
        written.append(regex, at, end);
        at = end;
    }
}
