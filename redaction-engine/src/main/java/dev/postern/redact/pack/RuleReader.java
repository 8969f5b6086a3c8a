package dev.postern.redact.pack;

import dev.postern.redact.check.Check;
import dev.postern.redact.check.Checks;
import dev.postern.redact.entity.Entity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;

/// Reads one rule. One use.
final class RuleReader {
    /// What may not follow a whole word: a letter, a digit, `_`, or the rest of a number.
    private static final String WORD_END = "(?![0-9A-Za-z_\\u00C0-\\u0587])(?!(?<=\\d)[.\\-]\\d)";
    private static final int FARTHEST_REACH = 200;
    private static final Pattern PART = Pattern.compile("<<([a-z-]{1,40})>>");

    private final JsonNode node;
    private final Map<String, Entity> entities;
    private final Map<String, String> parts;
    private final Set<String> languages;
    private final Origin origin;
    private final String id;

    /// @param parts what stands for `<<name>>` in patterns
    RuleReader(
            JsonNode node,
            Map<String, Entity> entities,
            Map<String, String> parts,
            Set<String> languages,
            Origin origin) {
        this.node = node;
        this.entities = entities;
        this.parts = parts;
        this.languages = languages;
        this.origin = origin;
        this.id = node.path("id").stringValue("");
    }

    Rule rule() {
        origin.checkId(id);
        for (var field : node.properties()) {
            checkType(field.getKey(), field.getValue());
        }
        String regex = pattern();
        origin.checkLength(id, regex);
        PatternShapeParser parser = new PatternShapeParser(regex);
        PatternShape shape = shape(regex, parser);
        boolean wholeWords = wholeWords();
        String check = node.path("check").stringValue("none");
        List<String> examples = strings(node.path("examples"));
        if (examples.isEmpty()) {
            throw new InvalidRulePack("rule " + id + " has no examples");
        }
        return new Rule(
                id,
                known(entities, node.path("entity").stringValue(""), "rule " + id),
                compiled(wholeWords ? "(?:" + regex + ")" + WORD_END : regex),
                shape,
                parser.weight(),
                trigger(),
                wholeWords,
                check(check),
                node.path("costly").booleanValue(false),
                skipsRejected(),
                scores(),
                phrases("context"),
                phrases("unless"),
                languages,
                examples,
                strings(node.path("counter-examples")));
    }

    private void checkType(String field, JsonNode value) {
        boolean right = switch (field) {
            case "id", "entity", "pattern", "bounds", "check", "after-rejection" -> value.isString();
            case "needs", "examples", "counter-examples" -> texts(value);
            case "context", "unless" ->
                texts(value) || (value.isObject() && value.valueStream().allMatch(RuleReader::texts));
            case "score", "alone", "alone-in-language", "context-score" -> value.isNumber();
            case "reach" -> value.isInt();
            case "costly" -> value.isBoolean();
            default -> throw new InvalidRulePack("rule " + id + " has the unknown field " + Origin.brief(field));
        };
        if (!right) {
            throw new InvalidRulePack("rule " + id + " has a " + field + " of another type than it must be");
        }
    }

    private static boolean texts(JsonNode value) {
        return value.isArray() && value.valueStream().allMatch(JsonNode::isString);
    }

    /// The pattern with its parts put in, once: parts hold no parts.
    private String pattern() {
        StringBuilder regex = new StringBuilder();
        Matcher named = PART.matcher(node.path("pattern").stringValue(""));
        while (named.find()) {
            String part = parts.get(named.group(1));
            if (part == null) {
                throw new InvalidRulePack("rule " + id + " names the unknown part " + named.group(1));
            }
            named.appendReplacement(regex, Matcher.quoteReplacement(part));
            origin.checkLength(id, regex);
        }
        return named.appendTail(regex).toString();
    }

    private PatternShape shape(String regex, PatternShapeParser parser) {
        PatternShape shape;
        try {
            shape = parser.parse();
        } catch (InvalidRulePack e) {
            throw new InvalidRulePack("rule " + id + " " + e.getMessage(), e);
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new InvalidRulePack("rule " + id + " has a pattern that does not compile", e);
        }
        origin.check(id, regex, shape, parser);
        return shape;
    }

    private Pattern compiled(String regex) {
        try {
            return Pattern.compile(CharacterLists.in(regex));
        } catch (PatternSyntaxException e) {
            throw new InvalidRulePack("rule " + id + " has a pattern that does not compile", e);
        }
    }

    private boolean wholeWords() {
        return switch (node.path("bounds").stringValue("word")) {
            case "word" -> true;
            case "none" -> false;
            default -> throw new InvalidRulePack("rule " + id + " must have bounds word or none");
        };
    }

    private boolean skipsRejected() {
        boolean costly = node.path("costly").booleanValue(false);
        return switch (node.path("after-rejection").stringValue(costly ? "skip" : "retry")) {
            case "skip" -> true;
            case "retry" -> false;
            default -> throw new InvalidRulePack("rule " + id + " must say skip or retry after a rejection");
        };
    }

    private Check check(String name) {
        Check check = Checks.find(name)
                .orElseThrow(
                        () -> new InvalidRulePack("rule " + id + " names the unknown check " + Origin.brief(name)));
        origin.checkValidator(id, name, check);
        return check;
    }

    private Trigger trigger() {
        List<String> needs = strings(node.path("needs"));
        int reach = node.path("reach").intValue(0);
        if (reach < 0 || reach > FARTHEST_REACH) {
            throw new InvalidRulePack("rule " + id + " needs a reach from 0 to " + FARTHEST_REACH);
        }
        for (String literal : needs) {
            origin.checkLiteral(id, literal);
        }
        return needs.isEmpty() ? new Trigger.Start() : new Trigger.Literal(needs, reach);
    }

    private Scores scores() {
        double base = score(node.path("score"), 0);
        JsonNode inLanguage = node.path("alone-in-language");
        double context = score(node.path("context-score"), base);
        double alone = score(inLanguage.isMissingNode() ? node.path("alone") : inLanguage, base);
        return new Scores(base, alone, context, !inLanguage.isMissingNode());
    }

    private double score(JsonNode given, double otherwise) {
        double score = given.doubleValue(otherwise);
        if (score <= 0 || score > 1) {
            throw new InvalidRulePack("rule " + id + " needs a score above 0 and at most 1");
        }
        return score;
    }

    /// A list, or lists by language.
    private List<String> phrases(String field) {
        JsonNode given = node.path(field);
        List<String> phrases = new ArrayList<>();
        if (given.isObject()) {
            given.forEachEntry((_, list) -> phrases.addAll(strings(list)));
        } else {
            phrases.addAll(strings(given));
        }
        return phrases.stream()
                .map(phrase -> phrase.toLowerCase(Locale.ROOT))
                .peek(phrase -> origin.checkPhrase(id, phrase))
                .distinct()
                .toList();
    }

    static Entity known(Map<String, Entity> entities, String name, String where) {
        Entity entity = entities.get(name);
        if (entity == null) {
            throw new InvalidRulePack(where + " names the unknown entity " + Origin.brief(name));
        }
        return entity;
    }

    static List<String> strings(JsonNode array) {
        return array.values().stream().map(node -> node.stringValue("")).toList();
    }
}
