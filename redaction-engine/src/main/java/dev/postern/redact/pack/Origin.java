package dev.postern.redact.pack;

import dev.postern.redact.entity.Entity;
import java.util.List;

/// Who wrote a pack, and what it may therefore cost: bytes of the pack, entities, rules, words of their contexts,
/// characters of a pattern, characters that a pattern may match, and [PatternShape#ways()] of a pattern. The last
/// bounds
/// a backtracking matcher's work from one place, so that time stays linear in the text.
enum Origin {
    BUILT_IN(1 << 20, 1_000, 1_000, 20_000, 6_000, 32_000, PatternShape.MANY),
    /// Packs of a deployment, which somebody tries before its tenants meet them.
    OPERATOR(64 << 10, 200, 200, 20_000, 500, 1_000, 20_000),
    /// A pack that a tenant sends. Names of its entities stand in the audit log beside how many were found.
    TENANT(64 << 10, 50, 200, 1_000, 500, 1_000, 20_000);

    private final int largestPack;
    private final int mostEntities;
    private final int mostRules;
    private final int mostWords;
    private final int longestPattern;
    private final int longestMatch;
    private final long mostWays;

    Origin(
            int largestPack,
            int mostEntities,
            int mostRules,
            int mostWords,
            int longestPattern,
            int longestMatch,
            long mostWays) {
        this.largestPack = largestPack;
        this.mostEntities = mostEntities;
        this.mostRules = mostRules;
        this.mostWords = mostWords;
        this.longestPattern = longestPattern;
        this.longestMatch = longestMatch;
        this.mostWays = mostWays;
    }

    void checkSize(int bytes) {
        if (bytes > largestPack) {
            throw new InvalidRulePack("the rule pack is larger than " + largestPack + " bytes");
        }
    }

    /// @param entities how many a pack adds
    void checkEntities(int entities) {
        if (entities > mostEntities) {
            throw new InvalidRulePack("the rule pack has more than " + mostEntities + " entities");
        }
    }

    void checkName(String entity) {
        if (this == TENANT && !entity.startsWith(Entity.TENANTS)) {
            throw new InvalidRulePack("entity " + entity + " needs a name that begins with " + Entity.TENANTS);
        }
        if (this != TENANT && entity.startsWith(Entity.TENANTS)) {
            throw new InvalidRulePack(
                    "entity " + entity + " needs another name: those of tenants begin with " + Entity.TENANTS);
        }
    }

    void check(List<Rule> rules) {
        if (rules.size() > mostRules) {
            throw new InvalidRulePack("the rule pack has more than " + mostRules + " rules");
        }
        int words = rules.stream()
                .mapToInt(rule -> rule.context().size() + rule.unless().size())
                .sum();
        if (words > mostWords) {
            throw new InvalidRulePack("the rule pack has more than " + mostWords + " words in its contexts");
        }
    }

    void checkLength(String id, CharSequence regex) {
        if (regex.length() > longestPattern) {
            throw new InvalidRulePack("rule " + id + " has a pattern longer than " + longestPattern + " characters");
        }
    }

    /// @param assertions what the pattern looks ahead and behind for
    void check(String id, String regex, PatternShape shape, List<PatternShape> assertions) {
        checkLength(id, regex);
        if (shape.minLength() == 0) {
            throw new InvalidRulePack("rule " + id + " has a pattern that matches nothing at all");
        }
        checkWork(id, shape);
        assertions.forEach(assertion -> checkWork(id, assertion));
    }

    private void checkWork(String id, PatternShape shape) {
        if (shape.maxLength() > longestMatch) {
            throw new InvalidRulePack(
                    "rule " + id + " can match, or look for, more than " + longestMatch + " characters");
        }
        if (shape.ways() > mostWays) {
            throw new InvalidRulePack(
                    "rule " + id + " has a pattern that can match one text in too many ways to be fast on every text");
        }
    }
}
