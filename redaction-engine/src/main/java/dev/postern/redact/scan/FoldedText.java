package dev.postern.redact.scan;

/// A text as it is matched: without characters that nobody sees, and with the plain form of those that only look
/// different. Offsets lead back to the text as it was given.
///
/// Left out: zero-width characters, soft hyphens, direction marks and variation selectors. Made plain: full-width and
/// small forms, decimal digits of every script, dashes, blanks. Everything else stays, lone surrogates too.
final class FoldedText {
    private final String given;
    private final String folded;
    private final int[] places;
    /// Characters of `folded` that stand before what was given.
    private final int before;

    private FoldedText(String given, String folded, int[] places, int before) {
        this.given = given;
        this.folded = folded;
        this.places = places;
        this.before = before;
    }

    /// What goes on after a text that was folded already; offsets lead into what is given now.
    static FoldedText after(String before, String given) {
        FoldedText folded = of(given);
        return before.isEmpty()
                ? folded
                : new FoldedText(given, before + folded.folded, folded.places, before.length());
    }

    static FoldedText of(String given) {
        int first = firstToFold(given);
        if (first == given.length()) {
            return new FoldedText(given, given, new int[0], 0);
        }
        StringBuilder folded = new StringBuilder(given.length());
        int[] places = new int[given.length()];
        for (int i = 0; i < given.length(); ) {
            int c = given.codePointAt(i);
            int plain = i < first ? c : plain(c);
            if (plain >= 0) {
                for (int unit = 0; unit < Character.charCount(plain); unit++) {
                    places[folded.length() + unit] = i + unit;
                }
                folded.appendCodePoint(plain);
            }
            i += Character.charCount(c);
        }
        return new FoldedText(given, folded.toString(), places, 0);
    }

    private static int firstToFold(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80 && plain(text.codePointAt(i)) != text.codePointAt(i)) {
                return i;
            }
        }
        return text.length();
    }

    /// -1: left out.
    private static int plain(int c) {
        if (c < 0x80) {
            return c;
        }
        if (c == 0xAD
                || (c >= 0x200B && c <= 0x200F)
                || (c >= 0x202A && c <= 0x202E)
                || (c >= 0x2060 && c <= 0x206F)
                || c == 0xFEFF
                || c == 0x180E
                || c == 0x061C
                || (c >= 0xFE00 && c <= 0xFE0F)) {
            return -1;
        }
        if (c >= 0xFF01 && c <= 0xFF5E) {
            return c - 0xFEE0;
        }
        if (c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F || c == 0x3000) {
            return ' ';
        }
        if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xFE63 || c == 0xFE58) {
            return '-';
        }
        if (c == 0xFE52 || c == 0x3002 || c == 0x2024) {
            return '.';
        }
        if (c == 0xFE6B) {
            return '@';
        }
        int digit = Character.digit(c, 10);
        return digit >= 0 ? '0' + digit : c;
    }

    String text() {
        return folded;
    }

    int start(int at) {
        return places.length == 0 ? at - before : places[at - before];
    }

    int end(int at) {
        if (places.length == 0) {
            return at - before;
        }
        int last = places[at - before - 1];
        return last + (Character.isLowSurrogate(given.charAt(last)) ? 1 : Character.charCount(given.codePointAt(last)));
    }
}
