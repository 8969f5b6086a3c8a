package dev.postern.redact.scan;

/// Where rules may begin, and where words end.
final class Places {
    private Places() {}

    /// The first character of a run of small letters, of capitals (with the small letters after one), of digits, or
    /// any sign but a blank.
    static boolean begins(CharSequence text, int at) {
        int here = kind(text.charAt(at));
        if (here == BLANK) {
            return false;
        }
        if (at == 0 || here == SIGN) {
            return true;
        }
        int before = kind(text.charAt(at - 1));
        return before != here && !(here == SMALL && before == CAPITAL);
    }

    private static final int BLANK = 0;
    private static final int SMALL = 1;
    private static final int CAPITAL = 2;
    private static final int DIGIT = 3;
    private static final int OTHER_LETTER = 4;
    private static final int SIGN = 5;

    private static final byte[] KINDS = kinds();

    private static byte[] kinds() {
        byte[] kinds = new byte[0x80];
        for (char c = 0; c < kinds.length; c++) {
            boolean digit = c >= '0' && c <= '9';
            boolean small = c >= 'a' && c <= 'z';
            boolean capital = c >= 'A' && c <= 'Z';
            kinds[c] = (byte) (c <= ' ' ? BLANK : digit ? DIGIT : small ? SMALL : capital ? CAPITAL : SIGN);
        }
        return kinds;
    }

    private static int kind(char c) {
        if (c < KINDS.length) {
            return KINDS[c];
        }
        // Letters of scripts that put no blanks between words: every one may begin something.
        return continuous(c) ? SIGN : Character.isLetterOrDigit(c) ? OTHER_LETTER : SIGN;
    }

    private static boolean continuous(char c) {
        return c >= 0x0590;
    }

    /// Whether a whole word may not touch this character: ASCII and European letters, digits, `_`. Letters of scripts
    /// without blanks, or whose particles cling to words, end a word.
    static boolean inWord(char c) {
        return (c >= '0' && c <= '9')
                || (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || c == '_'
                || (c >= 0xC0 && c <= 0x587);
    }

    /// Whether a whole word, or number, may begin here.
    static boolean wordBegins(CharSequence text, int at) {
        if (at == 0) {
            return true;
        }
        char before = text.charAt(at - 1);
        if (inWord(before)) {
            return false;
        }
        if (before == '\\' && "Uux".indexOf(text.charAt(at)) >= 0) {
            return false; // an escaped character
        }
        boolean digit = digit(text.charAt(at));
        boolean goesOn = (before == '.' || before == '-') && at > 1 && digit(text.charAt(at - 2));
        return !digit || !(goesOn || before == '+' || before == '$' || before == '€' || before == '£');
    }

    static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }
}
