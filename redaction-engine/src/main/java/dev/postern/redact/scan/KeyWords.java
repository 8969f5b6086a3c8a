package dev.postern.redact.scan;

/// A JSON key as lower-case words: `firstName`, `first_name` and `FIRST-NAME` are all `first name`.
public final class KeyWords {
    private static final int LONGEST = 64;

    private KeyWords() {}

    public static String of(String key) {
        StringBuilder words = new StringBuilder();
        int length = Math.min(key.length(), LONGEST);
        for (int i = 0; i < length; i++) {
            char c = key.charAt(i);
            boolean starts = i > 0 && Character.isUpperCase(c) && Character.isLowerCase(key.charAt(i - 1));
            if (starts) {
                words.append(' ');
            }
            words.append(Character.isLetterOrDigit(c) ? Character.toLowerCase(c) : ' ');
        }
        return words.toString().strip();
    }
}
