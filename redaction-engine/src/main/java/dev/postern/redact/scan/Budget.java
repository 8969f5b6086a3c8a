package dev.postern.redact.scan;

/// What looking at one text may still cost, counted in steps: about one for each character that is looked at. It is the
/// same for the same text and rules, on whatever machine. One thread.
final class Budget {
    /// A place that is proposed for a rule.
    static final int PROPOSAL = 4;
    /// A place where a rule is tried, without the characters that its pattern looks at.
    static final int TRY = 16;
    /// A check of a match.
    static final int CHECK = 256;
    /// For each character of the match.
    static final int CHECK_CHARACTER = 8;

    private final Effort effort;
    private long left;
    private int weight = 1;

    Budget(Effort effort) {
        this.effort = effort;
    }

    void begin(int length) {
        left = effort.steps(length);
    }

    Effort effort() {
        return effort;
    }

    /// @throws TooCostly when more was spent than there was
    void spend(int steps) {
        left -= steps;
        if (left < 0) {
            throw new TooCostly();
        }
    }

    /// What a pattern takes that is tried from now on, for each character that it looks at.
    void weigh(int steps) {
        weight = steps;
    }

    /// The steps that are left.
    long left() {
        return left;
    }

    /// The text as patterns see it: what they look at is spent.
    CharSequence counted(String text) {
        return effort.limited() ? new Counted(text, this) : text;
    }

    private record Counted(String text, Budget budget) implements CharSequence {
        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            budget.spend(budget.weight);
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return "Counted[" + text.length() + " characters]";
        }
    }
}
