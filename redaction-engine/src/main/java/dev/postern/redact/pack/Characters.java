package dev.postern.redact.pack;

/// The characters that one place of a pattern takes, as far as shapes tell them apart. One use.
final class Characters {
    private final boolean ignoreCase;
    private long low;
    private long high;
    private boolean other;

    /// @param ignoreCase whether what is added is so in either case
    Characters(boolean ignoreCase) {
        this.ignoreCase = ignoreCase;
    }

    Characters add(char c) {
        set(c);
        if (ignoreCase) {
            set(Character.toLowerCase(c));
            set(Character.toUpperCase(c));
        }
        return this;
    }

    private void set(char c) {
        if (c < 64) {
            low |= 1L << c;
        } else if (c < 128) {
            high |= 1L << (c - 64);
        } else {
            other = true;
        }
    }

    Characters range(char from, char to) {
        for (int c = from; c <= Math.min(to, 128); c++) {
            add((char) c);
        }
        other |= to >= 128;
        return this;
    }

    Characters word() {
        return range('0', '9').range('A', 'Z').range('a', 'z').add('_');
    }

    void everything() {
        low = -1;
        high = -1;
        other = true;
    }

    PatternShape.One one() {
        return new PatternShape.One(low, high, other);
    }

    PatternShape.One others() {
        return new PatternShape.One(~low, ~high, true);
    }
}
