package dev.postern.redact.pack;

import dev.postern.redact.check.Check;
import dev.postern.redact.check.OpenEndedCheck;
import dev.postern.redact.entity.Entity;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Who wrote a pack, and what it may therefore cost: bytes of the pack, entities, rules, words of their contexts,
/// characters of a pattern, characters that a pattern may match, and [PatternShape#ways()] of a pattern. The last is
/// what bounds a backtracking matcher's work from one place, so that time stays linear in the text.
enum Origin {
    BUILT_IN(1 << 20, 1_000, 1_000, 20_000, 6_000, 32_000, PatternShape.MANY),
    /// Packs of a deployment, which somebody tries before its tenants meet them.
    OPERATOR(64 << 10, 200, 200, 20_000, 500, 1_000, 20_000),
    /// A pack that a tenant sends. Names of its entities stand in the audit log beside how many were found.
    TENANT(64 << 10, 50, 200, 1_000, 500, 1_000, 20_000);

    /// What streams remember of decided text, less the character that tells where a word begins.
    private static final int LOOKS_BACK = 95;
    private static final int LONGEST_PHRASE = 60;
    private static final int SHORTEST_LITERAL = 2;
    /// Of a tenant's pack: [PatternShape#size()] of all patterns, of which automata are made.
    private static final int LARGEST_PATTERNS = 20_000;
    /// Of a tenant's pattern: signs beyond ASCII, which are tried one after the other, and groups, which are reset for
    /// each try.
    private static final int MOST_FOREIGN = 40;
    private static final int MOST_GROUPS = 30;
    /// They look far beyond what a rule matched, or long.
    private static final Set<String> COSTLY_CHECKS = Set.of("json-web-token", "web-address");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern KEY = Pattern.compile("(?=.{1,64}$)[\\p{L}\\p{N}]+(?: [\\p{L}\\p{N}]+)*");

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
        boolean tenants = entity.startsWith(Entity.TENANTS);
        if (this == TENANT && (!tenants || entity.length() == Entity.TENANTS.length())) {
            throw new InvalidRulePack("entity " + brief(entity) + " needs a name that begins with " + Entity.TENANTS);
        }
        if (this != TENANT && tenants) {
            throw new InvalidRulePack(
                    "entity " + brief(entity) + " needs another name: those of tenants begin with " + Entity.TENANTS);
        }
    }

    void checkId(String id) {
        if (id.isEmpty()) {
            throw new InvalidRulePack("a rule has no id");
        }
        if (this != BUILT_IN && !ID.matcher(id).matches()) {
            throw new InvalidRulePack("rule " + brief(id)
                    + " needs an id of at most 64 letters, digits, dots and dashes, a letter or digit first");
        }
    }

    /// @param word a JSON key
    void checkKey(String word) {
        if (this != BUILT_IN && !(KEY.matcher(word).matches() && word.equals(word.toLowerCase(Locale.ROOT)))) {
            throw new InvalidRulePack("the key \"" + brief(word)
                    + "\" needs small words with single blanks between them: staff no for staffNo and staff_no");
        }
    }

    /// @param phrase a word or some, in lower case
    void checkPhrase(String id, String phrase) {
        boolean said = phrase.codePoints().anyMatch(Character::isLetterOrDigit);
        if (!said || (this != BUILT_IN && phrase.length() > LONGEST_PHRASE)) {
            throw new InvalidRulePack("rule " + id + " needs context words of a letter or digit at least, and at most "
                    + LONGEST_PHRASE + " characters");
        }
    }

    void checkLiteral(String id, String literal) {
        if (!literal.equals(literal.toLowerCase(Locale.ROOT))) {
            throw new InvalidRulePack("rule " + id + " must give what it needs in lower case");
        }
        boolean fits = literal.length() >= SHORTEST_LITERAL && literal.length() <= LONGEST_PHRASE;
        if (literal.isEmpty() || (this != BUILT_IN && !fits)) {
            throw new InvalidRulePack(
                    "rule " + id + " needs literals of " + SHORTEST_LITERAL + " to " + LONGEST_PHRASE + " characters");
        }
    }

    /// @param name of the validator
    void checkValidator(String id, String name, Check check) {
        if (this == TENANT && (check instanceof OpenEndedCheck || COSTLY_CHECKS.contains(name))) {
            throw new InvalidRulePack(
                    "rule " + id + " uses the check " + name + ", which packs of tenants may not use");
        }
    }

    void check(List<Rule> rules) {
        if (rules.size() > mostRules) {
            throw new InvalidRulePack("the rule pack has more than " + mostRules + " rules");
        }
        int words = rules.stream()
                .mapToInt(rule -> rule.context().size() + rule.unless().size() + needed(rule))
                .sum();
        if (words > mostWords) {
            throw new InvalidRulePack("the rule pack has more than " + mostWords + " words in its contexts and needs");
        }
        if (this == TENANT
                && rules.stream().mapToInt(rule -> rule.shape().size()).sum() > LARGEST_PATTERNS) {
            throw new InvalidRulePack("the rule pack has patterns that speak of more than " + LARGEST_PATTERNS
                    + " characters together, repetitions counted out");
        }
    }

    private static int needed(Rule rule) {
        return rule.trigger() instanceof Trigger.Literal literal
                ? literal.literals().size()
                : 0;
    }

    void checkLength(String id, CharSequence regex) {
        if (regex.length() > longestPattern) {
            throw new InvalidRulePack("rule " + id + " has a pattern longer than " + longestPattern + " characters");
        }
    }

    void check(String id, String regex, PatternShape shape, PatternShapeParser parsed) {
        if (shape.minLength() == 0) {
            throw new InvalidRulePack("rule " + id + " has a pattern that matches nothing at all");
        }
        checkWork(id, shape);
        parsed.assertions().forEach(assertion -> checkWork(id, assertion));
        if (this != BUILT_IN && regex.chars().anyMatch(c -> Character.isSurrogate((char) c))) {
            throw new InvalidRulePack("rule " + id + " has a pattern with a character beyond U+FFFF");
        }
        if (this != BUILT_IN && parsed.looksBack() > LOOKS_BACK) {
            throw new InvalidRulePack("rule " + id + " looks behind for more than " + LOOKS_BACK + " characters");
        }
        if (this != BUILT_IN && parsed.idle()) {
            throw new InvalidRulePack("rule " + id + " has a group, or a repetition, of nothing in its pattern");
        }
        if (this == TENANT && !parsed.assertions().isEmpty()) {
            throw new InvalidRulePack("rule " + id + " looks ahead or behind, which packs of tenants may not:"
                    + " leave out bounds, which keeps words whole, or give it a group named value");
        }
        if (this == TENANT && foreign(regex) > MOST_FOREIGN) {
            throw new InvalidRulePack("rule " + id + " has more than " + MOST_FOREIGN
                    + " characters beyond ASCII in its pattern: give ranges of them");
        }
        if (this == TENANT && regex.chars().filter(c -> c == '(').count() > MOST_GROUPS) {
            throw new InvalidRulePack("rule " + id + " has more than " + MOST_GROUPS + " groups");
        }
    }

    /// Each is tried by itself, however it is written.
    private static long foreign(String regex) {
        long written = regex.chars().filter(c -> c > 0x7F).count();
        long escaped = regex.split("\\\\[upP]", -1).length - 1L;
        return written + escaped;
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

    /// What is quoted of names that somebody chose.
    static String brief(String name) {
        return name.length() > 64 ? name.substring(0, 64) + "…" : name;
    }
}
