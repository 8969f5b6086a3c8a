package dev.postern.redact.pack;

/// Who wrote a pack, and what it may therefore cost: bytes of the pack, rules, characters of a pattern, characters that
/// a pattern may match, and [PatternShape#ways()] of a pattern. The last bounds a backtracking matcher's work from one
/// place, so that time stays linear in the text.
enum Origin {
    BUILT_IN(1 << 20, 1_000, 6_000, 32_000, PatternShape.MANY),
    TENANT(64 << 10, 200, 500, 1_000, 20_000);

    private final int largestPack;
    private final int mostRules;
    private final int longestPattern;
    private final int longestMatch;
    private final long mostWays;

    Origin(int largestPack, int mostRules, int longestPattern, int longestMatch, long mostWays) {
        this.largestPack = largestPack;
        this.mostRules = mostRules;
        this.longestPattern = longestPattern;
        this.longestMatch = longestMatch;
        this.mostWays = mostWays;
    }

    int largestPack() {
        return largestPack;
    }

    int mostRules() {
        return mostRules;
    }

    void checkLength(String id, CharSequence regex) {
        if (regex.length() > longestPattern) {
            throw new InvalidRulePack("rule " + id + " has a pattern longer than " + longestPattern + " characters");
        }
    }

    void check(String id, String regex, PatternShape shape) {
        checkLength(id, regex);
        if (shape.minLength() == 0) {
            throw new InvalidRulePack("rule " + id + " has a pattern that matches nothing at all");
        }
        if (shape.maxLength() > longestMatch) {
            throw new InvalidRulePack("rule " + id + " can match more than " + longestMatch + " characters");
        }
        if (shape.ways() > mostWays) {
            throw new InvalidRulePack(
                    "rule " + id + " has a pattern that can match one text in too many ways to be fast on every text");
        }
    }
}
