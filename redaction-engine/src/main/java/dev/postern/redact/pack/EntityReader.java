package dev.postern.redact.pack;

import dev.postern.redact.entity.Action;
import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Taxonomy;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Reads `NAME: {kind: …, action: …, presidio: …}`. Presidio's name is ours where none is given.
final class EntityReader {
    private static final Set<String> FIELDS = Set.of("kind", "action", "presidio", "comprehend", "phileas");

    private EntityReader() {}

    static Entity entity(String name, JsonNode node) {
        for (String field : node.propertyNames()) {
            if (!FIELDS.contains(field)) {
                throw new InvalidRulePack(
                        "entity " + Origin.brief(name) + " has the unknown field " + Origin.brief(field));
            }
        }
        Map<Taxonomy, String> names = new EnumMap<>(Taxonomy.class);
        for (Taxonomy taxonomy : Taxonomy.values()) {
            String given = node.path(taxonomy.name().toLowerCase(Locale.ROOT)).stringValue("");
            if (!given.isEmpty()) {
                names.put(taxonomy, given);
            }
        }
        try {
            return new Entity(name, node.path("kind").stringValue(name), action(name, node), names);
        } catch (IllegalArgumentException e) {
            throw new InvalidRulePack(String.valueOf(e.getMessage()).replace(name, Origin.brief(name)), e);
        }
    }

    private static Action action(String name, JsonNode node) {
        return switch (node.path("action").stringValue("")) {
            case "pseudonymise" -> Action.PSEUDONYMISE;
            case "remove" -> Action.REMOVE;
            case "keep" -> Action.KEEP;
            default ->
                throw new InvalidRulePack("entity " + Origin.brief(name) + " must be pseudonymise, remove or keep");
        };
    }
}
