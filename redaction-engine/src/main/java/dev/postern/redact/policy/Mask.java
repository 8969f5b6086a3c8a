package dev.postern.redact.policy;

/// The form of a value, and the last few of its letters and digits: a quarter of them, four at most.
public final class Mask {
    private static final int MOST_SHOWN = 4;

    private Mask() {}

    public static String of(String value) {
        long characters = value.codePoints().filter(Character::isLetterOrDigit).count();
        long hidden = characters - Math.min(MOST_SHOWN, characters / 4);
        StringBuilder masked = new StringBuilder(value.length());
        int seen = 0;
        for (int i = 0; i < value.length(); ) {
            int c = value.codePointAt(i);
            i += Character.charCount(c);
            if (Character.isLetterOrDigit(c)) {
                seen++;
                masked.appendCodePoint(seen <= hidden ? '*' : c);
            } else {
                // A sign outside ASCII may be what gives a value away, as an emoji.
                masked.append(c < 0x80 ? (char) c : '*');
            }
        }
        return masked.toString();
    }
}
