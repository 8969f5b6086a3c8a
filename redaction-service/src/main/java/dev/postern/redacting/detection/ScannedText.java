package dev.postern.redacting.detection;

import java.util.Arrays;

/// A text with what every rule asks of it, computed once.
final class ScannedText {
    private final String text;
    private final String key;
    private final String lower;
    private final int digits;
    private final int[] numbers;

    private ScannedText(String text, String key, String lower, int digits, int[] numbers) {
        this.text = text;
        this.key = key;
        this.lower = lower;
        this.digits = digits;
        this.numbers = numbers;
    }

    /// @param key the JSON key the text stands under, as words; empty when there is none
    static ScannedText of(String text, String key) {
        char[] lower = new char[text.length()];
        int digits = 0;
        int numbers = 0;
        int[] starts = new int[16];
        for (int i = 0; i < lower.length; i++) {
            char c = text.charAt(i);
            // Per character, so that offsets stay those of the text.
            lower[i] = Character.toLowerCase(c);
            boolean digit = digit(c);
            digits += digit ? 1 : 0;
            if (c == '+' || c == '(' || (digit && (i == 0 || !digit(text.charAt(i - 1))))) {
                starts = numbers == starts.length ? Arrays.copyOf(starts, 2 * numbers) : starts;
                starts[numbers++] = i;
            }
        }
        return new ScannedText(text, KeyWords.of(key), new String(lower), digits, Arrays.copyOf(starts, numbers));
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

    /// The first place from `from` on where a number may start: a sign, a bracket, or a digit after no digit. -1: none.
    int numberFrom(int from) {
        int at = Arrays.binarySearch(numbers, from);
        int index = at >= 0 ? at : -at - 1;
        return index < numbers.length ? numbers[index] : -1;
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }

    boolean contains(String lowerLiteral) {
        return lower.contains(lowerLiteral);
    }
}
