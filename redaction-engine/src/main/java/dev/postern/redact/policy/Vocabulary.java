package dev.postern.redact.policy;

import dev.postern.redact.entity.Action;
import dev.postern.redact.entity.Entity;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a policy can speak of: entities, their kinds, all secrets, and everything that is none.
final class Vocabulary {
    /// Every entity that is no secret. Secrets must be named: nobody opens them up by a sweep.
    static final String REST = "*";

    static final String SECRET = "SECRET";

    private final Map<String, Entity> entities = new LinkedHashMap<>();
    /// A tenant's own kinds. None was built in when its policy was written; what has one of them by now is not meant.
    private final Set<String> own;

    Vocabulary(Collection<Entity> entities) {
        entities.forEach(entity -> this.entities.put(entity.name(), entity));
        this.own = entities.stream().filter(Entity::tenants).map(Entity::kind).collect(Collectors.toUnmodifiableSet());
    }

    private boolean meant(String kind, Entity entity) {
        return entity.kind().equals(kind) && (entity.tenants() || !own.contains(kind));
    }

    Collection<Entity> entities() {
        return entities.values();
    }

    Optional<Entity> entity(String name) {
        return Optional.ofNullable(entities.get(name));
    }

    static boolean secret(Entity entity) {
        return entity.action() == Action.REMOVE;
    }

    /// The entities that a selector is about; none when there is no such selector.
    List<Entity> selected(String selector) {
        Predicate<Entity> chosen = switch (selector) {
            case REST -> entity -> !secret(entity);
            case SECRET -> Vocabulary::secret;
            default -> entity -> entity.name().equals(selector) || meant(selector, entity);
        };
        return entities.values().stream().filter(chosen).toList();
    }

    /// What is said of an entity: by its name, else by its kind, else by its group.
    <T> @Nullable T said(Map<String, T> by, Entity entity) {
        T named = by.get(entity.name());
        if (named != null) {
            return named;
        }
        T kind = meant(entity.kind(), entity) ? by.get(entity.kind()) : null;
        return kind != null ? kind : by.get(secret(entity) ? SECRET : REST);
    }
}
