package dev.postern.redact.pack;

import dev.postern.redact.data.DataFiles;
import dev.postern.redact.entity.Entity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Reads YAML rule packs. A pack is taken whole or not at all: an unknown field, entity or check, a pattern that does
/// not compile or repeats without a bound, a rule without examples, all end in one sentence.
public final class RulePackReader {
    /// The built-in packs, in the order in which they may refer to each other's entities.
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final List<String> STANDARD = List.of(
            "core",
            "secrets",
            "united-states",
            "united-kingdom",
            "germany",
            "europe-west",
            "europe-south",
            "europe-north",
            "europe-east",
            "india",
            "asia-east",
            "asia-west",
            "pacific",
            "americas",
            "africa",
            "vat");
    private static final Set<String> PACK_FIELDS = Set.of("languages", "entities", "keys", "parts", "rules");
    private static final Set<String> LISTS = Set.of("languages", "rules");

    private final Map<String, Entity> entities = new LinkedHashMap<>();
    private final List<Rule> rules = new ArrayList<>();
    private final Map<String, Entity> keys = new LinkedHashMap<>();
    private final Set<String> ids = new HashSet<>();

    private RulePackReader() {}

    /// The built-in packs as one.
    public static RulePack standard() {
        RulePackReader reader = new RulePackReader();
        for (String name : STANDARD) {
            reader.add(DataFiles.bytes(RulePackReader.class, name + ".yml"), Origin.BUILT_IN);
        }
        return reader.pack();
    }

    /// One pack by itself.
    static RulePack read(byte[] yaml, Origin origin) {
        RulePackReader reader = new RulePackReader();
        reader.add(yaml, origin);
        return reader.pack();
    }

    /// A pack, and after it those of a deployment's own. They add entities, rules and keys, and change none that is
    /// there.
    ///
    /// @param packs YAML by the name that messages give it, in the order in which they may refer to each other
    /// @throws InvalidRulePack whose message names the pack and says why
    public static RulePack extended(RulePack standard, Map<String, byte[]> packs) {
        RulePackReader reader = new RulePackReader();
        reader.entities.putAll(standard.entities());
        reader.rules.addAll(standard.rules());
        reader.keys.putAll(standard.keys());
        standard.rules().forEach(rule -> reader.ids.add(rule.id()));
        packs.forEach((name, yaml) -> {
            try {
                reader.add(yaml, Origin.OPERATOR);
            } catch (InvalidRulePack e) {
                throw new InvalidRulePack(name + ": " + e.getMessage(), e);
            }
        });
        return reader.pack();
    }

    /// A tenant's own pack by itself: what it adds.
    ///
    /// @param standard whose entities its rules may find as well
    /// @throws InvalidRulePack whose message says why
    public static RulePack own(RulePack standard, JsonNode pack) {
        Origin.TENANT.checkSize(pack.toString().getBytes(StandardCharsets.UTF_8).length);
        RulePackReader reader = new RulePackReader();
        reader.entities.putAll(standard.entities());
        reader.add(pack, Origin.TENANT);
        reader.entities.keySet().removeAll(standard.entities().keySet());
        return reader.pack();
    }

    private RulePack pack() {
        if (rules.isEmpty()) {
            throw new InvalidRulePack("a rule pack needs rules");
        }
        return new RulePack(Map.copyOf(entities), List.copyOf(rules), Map.copyOf(keys));
    }

    private void add(byte[] yaml, Origin origin) {
        origin.checkSize(yaml.length);
        try {
            add(YAML.readTree(yaml), origin);
        } catch (JacksonException e) {
            throw new InvalidRulePack("the rule pack is not YAML", e);
        }
    }

    private void add(JsonNode root, Origin origin) {
        for (var field : root.properties()) {
            if (!PACK_FIELDS.contains(field.getKey())) {
                throw new InvalidRulePack("the rule pack has the unknown field " + Origin.brief(field.getKey()));
            }
            if (LISTS.contains(field.getKey()) != field.getValue().isArray()) {
                throw new InvalidRulePack("languages and rules of a rule pack are lists, its other fields are none");
            }
        }
        origin.checkEntities(root.path("entities").size());
        root.path("entities").forEachEntry((name, node) -> {
            origin.checkName(name);
            if (entities.put(name, EntityReader.entity(name, node)) != null) {
                throw new InvalidRulePack("entity " + name + " is defined twice");
            }
        });
        Set<String> languages = Set.copyOf(RuleReader.strings(root.path("languages")));
        Map<String, String> parts = new LinkedHashMap<>();
        root.path("parts").forEachEntry((name, node) -> parts.put(name, node.stringValue("")));
        int before = rules.size();
        for (JsonNode node : root.path("rules").values()) {
            Rule rule = new RuleReader(node, entities, parts, languages, origin).rule();
            if (!ids.add(rule.id())) {
                throw new InvalidRulePack("rule " + rule.id() + " is defined twice");
            }
            rules.add(rule);
        }
        origin.check(rules.subList(before, rules.size()));
        root.path("keys").forEachEntry((name, words) -> {
            Entity entity = RuleReader.known(entities, name, "keys");
            for (String word : RuleReader.strings(words)) {
                origin.checkKey(word);
                if (keys.put(word, entity) != null && origin != Origin.BUILT_IN) {
                    throw new InvalidRulePack("the key \"" + word + "\" means an entity already");
                }
            }
        });
    }
}
