package dev.postern.redacting.detection;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Reads a YAML rule pack. A pack is taken whole or not at all: an unknown field, entity or check, a pattern that does
/// not compile or repeats without a bound, a rule without examples, all end in one sentence.
final class RulePackReader {
    private static final Set<String> RULE_FIELDS = Set.of(
            "id",
            "entity",
            "pattern",
            "check",
            "after-rejection",
            "starts",
            "needs",
            "digits",
            "score",
            "context-score",
            "context",
            "examples",
            "counter-examples");
    /// What may repeat without a bound, outside character classes.
    private static final Pattern UNBOUNDED = Pattern.compile("[*+]|\\{\\d{1,9},\\}");

    private RulePackReader() {}

    static RulePack read(byte[] yaml) {
        JsonNode root;
        try {
            root = new YAMLMapper().readTree(yaml);
        } catch (JacksonException e) {
            throw new InvalidRulePack("the rule pack is not YAML", e);
        }
        Map<String, Entity> entities = new LinkedHashMap<>();
        root.path("entities")
                .forEachEntry((name, node) -> entities.put(name, new Entity(name, restorable(name, node))));
        List<Rule> rules = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (JsonNode node : root.path("rules").values()) {
            Rule rule = rule(node, entities);
            if (!ids.add(rule.id())) {
                throw new InvalidRulePack("rule " + rule.id() + " is defined twice");
            }
            rules.add(rule);
        }
        Map<String, Entity> keys = new LinkedHashMap<>();
        root.path("keys").forEachEntry((name, words) -> {
            Entity entity = known(entities, name, "keys");
            strings(words).forEach(word -> keys.put(word, entity));
        });
        if (entities.isEmpty() || rules.isEmpty()) {
            throw new InvalidRulePack("a rule pack needs entities and rules");
        }
        return new RulePack(Map.copyOf(entities), List.copyOf(rules), Map.copyOf(keys));
    }

    private static boolean restorable(String name, JsonNode node) {
        return switch (node.stringValue("")) {
            case "pseudonymise" -> true;
            case "remove" -> false;
            default -> throw new InvalidRulePack("entity " + name + " must be pseudonymise or remove");
        };
    }

    private static Rule rule(JsonNode node, Map<String, Entity> entities) {
        String id = node.path("id").stringValue("");
        for (String field : node.propertyNames()) {
            if (!RULE_FIELDS.contains(field)) {
                throw new InvalidRulePack("rule " + id + " has the unknown field " + field);
            }
        }
        if (id.isEmpty()) {
            throw new InvalidRulePack("a rule has no id");
        }
        String check = node.path("check").stringValue("none");
        double score = score(id, node.path("score"), 0);
        List<String> examples = strings(node.path("examples"));
        if (examples.isEmpty()) {
            throw new InvalidRulePack("rule " + id + " has no examples");
        }
        return new Rule(
                id,
                known(entities, node.path("entity").stringValue(""), id),
                pattern(id, node.path("pattern").stringValue("")),
                NamedChecks.find(check)
                        .orElseThrow(() -> new InvalidRulePack("rule " + id + " names the unknown check " + check)),
                choice(id, node.path("after-rejection"), "retry", "skip"),
                choice(id, node.path("starts"), "anywhere", "digit"),
                strings(node.path("needs")),
                node.path("digits").intValue(0),
                score,
                score(id, node.path("context-score"), score),
                new ContextWords(strings(node.path("context"))),
                examples,
                strings(node.path("counter-examples")));
    }

    private static Pattern pattern(String id, String regex) {
        String outsideClasses = regex.replaceAll("\\\\.", "x")
                .replaceAll("\\[[^\\]]{1,200}\\]", "x")
                .replace("}+", "}")
                .replace("?+", "?");
        if (regex.isEmpty() || UNBOUNDED.matcher(outsideClasses).find()) {
            throw new InvalidRulePack("rule " + id + " must have a pattern whose every repetition is bounded");
        }
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new InvalidRulePack("rule " + id + " has a pattern that does not compile", e);
        }
    }

    /// Whether a field has its second value; absent means the first.
    private static boolean choice(String id, JsonNode node, String first, String second) {
        String chosen = node.stringValue(first);
        if (!chosen.equals(first) && !chosen.equals(second)) {
            throw new InvalidRulePack("rule " + id + " must say " + first + " or " + second + ", not " + chosen);
        }
        return chosen.equals(second);
    }

    private static double score(String id, JsonNode node, double otherwise) {
        double score = node.doubleValue(otherwise);
        if (score <= 0 || score > 1) {
            throw new InvalidRulePack("rule " + id + " needs a score above 0 and at most 1");
        }
        return score;
    }

    private static Entity known(Map<String, Entity> entities, String name, String where) {
        Entity entity = entities.get(name);
        if (entity == null) {
            throw new InvalidRulePack(where + " names the unknown entity " + name);
        }
        return entity;
    }

    private static List<String> strings(JsonNode array) {
        return array.values().stream().map(node -> node.stringValue("")).toList();
    }
}
