package dev.postern.redact.name;

import dev.postern.redact.scan.ScannedText;
import java.util.ArrayList;
import java.util.List;

/// A run of letters, with apostrophes and hyphens inside ("O'Brien", "Anne-Marie"), without a possessive ending.
///
/// @param end of the word itself; an initial's dot is not part of it
record Word(int start, int end, String text, String lower) {

    static List<Word> of(ScannedText scanned) {
        String text = scanned.text();
        List<Word> words = new ArrayList<>(text.length() / 6 + 1);
        int i = 0;
        while (i < text.length()) {
            if (!Character.isLetter(text.charAt(i)) || (i > 0 && joins(text.charAt(i - 1)))) {
                i++;
                continue;
            }
            int end = i + 1;
            while (end < text.length() && (Character.isLetter(text.charAt(end)) || linked(text, end))) {
                end++;
            }
            int next = end;
            if (end < text.length() && joins(text.charAt(end))) {
                // part of an identifier such as user_1: no word
                i = end + 1;
                continue;
            }
            if (end - i > 2 && text.charAt(end - 1) == 's' && apostrophe(text.charAt(end - 2))) {
                end -= 2;
            }
            words.add(new Word(i, end, text.substring(i, end), scanned.lower().substring(i, end)));
            i = next;
        }
        return words;
    }

    boolean capitalised() {
        return Character.isUpperCase(text.charAt(0)) && !shouted();
    }

    /// All capitals and longer than an initial.
    boolean shouted() {
        if (text.length() < 2) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isLowerCase(text.charAt(i))) {
                return false;
            }
        }
        return Character.isUpperCase(text.charAt(0));
    }

    boolean initial() {
        return text.length() == 1 && Character.isUpperCase(text.charAt(0));
    }

    private static boolean linked(String text, int at) {
        char c = text.charAt(at);
        return (apostrophe(c) || c == '-') && at + 1 < text.length() && Character.isLetter(text.charAt(at + 1));
    }

    private static boolean apostrophe(char c) {
        return c == '\'' || c == '’';
    }

    private static boolean joins(char c) {
        return c == '_' || c == '@' || (c >= '0' && c <= '9');
    }
}
