package dev.postern.redacting.detection;

/// Tells a random token from a word or an identifier: it has letters and digits and at least 3 bits of entropy per
/// character (Shannon, over its own characters).
final class RandomTokens {
    private static final double LEAST_BITS = 3.0;

    private RandomTokens() {}

    static int accept(String text, int start, int end) {
        boolean digit = false;
        boolean letter = false;
        for (int i = start; i < end; i++) {
            digit |= Character.isDigit(text.charAt(i));
            letter |= Character.isLetter(text.charAt(i));
        }
        return digit && letter && entropy(text, start, end) >= LEAST_BITS ? end : Check.REJECTED;
    }

    private static double entropy(String text, int start, int end) {
        int[] counts = new int[128];
        for (int i = start; i < end; i++) {
            counts[text.charAt(i) & 127]++;
        }
        double bits = 0;
        double length = end - start;
        for (int count : counts) {
            if (count > 0) {
                bits -= count / length * (Math.log(count / length) / Math.log(2));
            }
        }
        return bits;
    }
}
