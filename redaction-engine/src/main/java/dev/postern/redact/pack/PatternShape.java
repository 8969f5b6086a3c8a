package dev.postern.redact.pack;

import java.util.List;

/// The structure of a regular expression as far as it bounds and prefilters matches. It accepts everything that the
/// expression accepts, and perhaps more: assertions are left out, and characters beyond ASCII are all one.
public sealed interface PatternShape {
    /// The number beyond which counts of ways stay.
    long MANY = 1_000_000_000L;

    int minLength();

    int maxLength();

    /// In how many ways a text can be cut along the expression, at most: what bounds a backtracking matcher's work from
    /// one starting place. [#MANY] or more: unknown.
    long ways();

    /// One character.
    ///
    /// @param low bits of the characters 0 to 63
    /// @param high bits of the characters 64 to 127
    /// @param other whether any character beyond ASCII will do
    record One(long low, long high, boolean other) implements PatternShape {
        static final One ANY = new One(-1, -1, true);

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
        public long ways() {
            return 1;
        }
    }

    record All(List<PatternShape> parts) implements PatternShape {
        @Override
        public int minLength() {
            return parts.stream().mapToInt(PatternShape::minLength).sum();
        }

        @Override
        public int maxLength() {
            return parts.stream().mapToInt(PatternShape::maxLength).sum();
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
        public long ways() {
            return options.stream().mapToLong(PatternShape::ways).reduce(0, (a, b) -> Math.min(MANY, a + b));
        }
    }

    record Times(PatternShape part, int least, int most) implements PatternShape {
        @Override
        public int minLength() {
            return part.minLength() * least;
        }

        @Override
        public int maxLength() {
            return part.maxLength() * most;
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
