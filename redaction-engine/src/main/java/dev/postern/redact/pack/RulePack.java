package dev.postern.redact.pack;

import dev.postern.redact.entity.Entity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Everything that detection reads from data: the closed set of entities, the rules, and the keys whose whole value is
/// sensitive whatever it looks like.
///
/// @param keys a key as lower-case words to the entity of its value
public record RulePack(Map<String, Entity> entities, List<Rule> rules, Map<String, Entity> keys) {
    /// What both hold; where both have a key, this one's entity.
    public RulePack and(RulePack other) {
        Map<String, Entity> allEntities = new LinkedHashMap<>(other.entities);
        allEntities.putAll(entities);
        Map<String, Entity> allKeys = new LinkedHashMap<>(other.keys);
        allKeys.putAll(keys);
        List<Rule> allRules = new ArrayList<>(rules);
        allRules.addAll(other.rules);
        return new RulePack(Map.copyOf(allEntities), List.copyOf(allRules), Map.copyOf(allKeys));
    }

    public Entity entity(String name) {
        return Optional.ofNullable(entities.get(name))
                .orElseThrow(() -> new InvalidRulePack("the packs have no entity " + name));
    }
}
