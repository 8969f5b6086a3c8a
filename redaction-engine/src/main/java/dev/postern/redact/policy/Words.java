package dev.postern.redact.policy;

/// Where words begin and end.
final class Words {
    private Words() {}

    /// Whether a word may begin or end before that character. In scripts that set no blanks between words, anywhere.
    static boolean boundary(String text, int at) {
        if (at == 0 || at == text.length()) {
            return true;
        }
        char before = text.charAt(at - 1);
        char after = text.charAt(at);
        return !Character.isLetterOrDigit(before)
                || !Character.isLetterOrDigit(after)
                || withoutBlanks(before)
                || withoutBlanks(after);
    }

    private static boolean withoutBlanks(char c) {
        if (c < 0x0E00) {
            return false;
        }
        return switch (Character.UnicodeScript.of(c)) {
            case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
            default -> false;
        };
    }
}
