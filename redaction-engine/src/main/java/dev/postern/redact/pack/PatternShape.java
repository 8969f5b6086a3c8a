package dev.postern.redact.pack;

import java.util.List;

/// The structure of a regular expression as far as it bounds and prefilters matches. It accepts everything that the
/// expression accepts, and perhaps more: assertions are left out, and characters beyond ASCII are all one.
public sealed interface PatternShape {
    /// The number beyond which counts of ways stay.
    long MANY = 1_000_000_000L;

    /// The length beyond which lengths stay.
    int LONG = 1_000_000;

    int minLength();

    int maxLength();

    /// Characters that the expression speaks of, repetitions counted out: what an automaton over it is made of, at
    /// most.
    int size();

    /// In how many ways a text can be cut along the expression, at most: what bounds a backtracking matcher's work from
    /// one starting place. [#MANY] or more: unknown.
    long ways();

    /// One character.
    ///
    /// @param low bits of the characters 0 to 63
    /// @param high bits of the characters 64 to 127
    /// @param other whether any character beyond ASCII will do
    record One(long low, long high, boolean other) implements PatternShape {
        /// Any character.
        public static final One ANY = new One(-1, -1, true);

        /// The characters of some ranges, each given by its ends: `09az`.
        public static One of(String ranges) {
            long low = 0;
            long high = 0;
            for (int i = 0; i < ranges.length(); i += 2) {
                for (char c = ranges.charAt(i); c <= ranges.charAt(i + 1); c++) {
                    low |= c < 64 ? 1L << c : 0;
                    high |= c < 64 ? 0 : 1L << (c - 64);
                }
            }
            return new One(low, high, false);
        }

        /// A letter and its capital are 32 bits apart, so the hash of a record, which folds a long into an int, would
        /// be that of an empty set for all of them.
        @Override
        public int hashCode() {
            return Long.hashCode((low * 31 + high) * 0x9E3779B97F4A7C15L) * 31 + Boolean.hashCode(other);
        }

        public One not() {
            return new One(~low, ~high, !other);
        }

        public One and(One one) {
            return new One(low & one.low, high & one.high, other && one.other);
        }

        public One or(One one) {
            return new One(low | one.low, high | one.high, other || one.other);
        }

        public boolean isEmpty() {
            return low == 0 && high == 0 && !other;
        }

        /// Whether the other set holds all of these.
        public boolean within(One one) {
            return and(one).equals(this);
        }

        /// How many characters of ASCII it holds.
        public int inAscii() {
            return Long.bitCount(low) + Long.bitCount(high);
        }

        public boolean takes(char c) {
            return c < 64 ? (low >>> c & 1) != 0 : c < 128 ? (high >>> (c - 64) & 1) != 0 : other;
        }

        @Override
        public int minLength() {
            return 1;
        }

        @Override
        public int maxLength() {
            return 1;
        }

        @Override
        public int size() {
            return 1;
        }

        @Override
        public long ways() {
            return 1;
        }
    }

    record All(List<PatternShape> parts) implements PatternShape {
        @Override
        public int minLength() {
            return parts.stream().mapToInt(PatternShape::minLength).reduce(0, (a, b) -> Math.min(LONG, a + b));
        }

        @Override
        public int maxLength() {
            return parts.stream().mapToInt(PatternShape::maxLength).reduce(0, (a, b) -> Math.min(LONG, a + b));
        }

        @Override
        public int size() {
            return parts.stream().mapToInt(PatternShape::size).reduce(0, (a, b) -> Math.min(LONG, a + b));
        }

        @Override
        public long ways() {
            return parts.stream().mapToLong(PatternShape::ways).reduce(1, (a, b) -> Math.min(MANY, a * b));
        }
    }

    record Either(List<PatternShape> options) implements PatternShape {
        @Override
        public int minLength() {
            return options.stream().mapToInt(PatternShape::minLength).min().orElse(0);
        }

        @Override
        public int maxLength() {
            return options.stream().mapToInt(PatternShape::maxLength).max().orElse(0);
        }

        @Override
        public int size() {
            return options.stream().mapToInt(PatternShape::size).reduce(0, (a, b) -> Math.min(LONG, a + b));
        }

        @Override
        public long ways() {
            return options.stream().mapToLong(PatternShape::ways).reduce(0, (a, b) -> Math.min(MANY, a + b));
        }
    }

    record Times(PatternShape part, int least, int most) implements PatternShape {
        @Override
        public int minLength() {
            return (int) Math.min(LONG, (long) part.minLength() * least);
        }

        @Override
        public int maxLength() {
            return (int) Math.min(LONG, (long) part.maxLength() * most);
        }

        @Override
        public int size() {
            return (int) Math.min(LONG, (long) part.size() * most);
        }

        @Override
        public long ways() {
            long once = part.ways();
            long power = 1;
            long sum = least == 0 ? 1 : 0;
            for (int i = 1; i <= most && sum < MANY; i++) {
                power = Math.min(MANY, power * once);
                sum += i >= least ? power : 0;
            }
            return Math.min(MANY, Math.max(1, sum));
        }
    }

    static PatternShape of(String regex) {
        return new PatternShapeParser(regex).parse();
    }
}
