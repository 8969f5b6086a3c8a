package dev.postern.redacting.detection;

/// A text with what every rule asks of it, computed once.
final class ScannedText {
    private final String text;
    private final String key;
    private final String lower;
    private final int digits;

    private ScannedText(String text, String key, String lower, int digits) {
        this.text = text;
        this.key = key;
        this.lower = lower;
        this.digits = digits;
    }

    /// @param key the JSON key the text stands under, as words; empty when there is none
    static ScannedText of(String text, String key) {
        char[] lower = new char[text.length()];
        int digits = 0;
        for (int i = 0; i < lower.length; i++) {
            char c = text.charAt(i);
            // Per character, so that offsets stay those of the text.
            lower[i] = Character.toLowerCase(c);
            digits += c >= '0' && c <= '9' ? 1 : 0;
        }
        return new ScannedText(text, KeyWords.of(key), new String(lower), digits);
    }

    String text() {
        return text;
    }

    String lower() {
        return lower;
    }

    String key() {
        return key;
    }

    int digits() {
        return digits;
    }

    boolean contains(String lowerLiteral) {
        return lower.contains(lowerLiteral);
    }
}
