package dev.postern.redact.entity;

import java.util.Map;

/// A kind of sensitive value.
///
/// @param name upper-case ASCII, unique
/// @param kind the coarser kind that opens a pseudonym (`TAXID_7K2Q9F`): many entities may share one
/// @param names what other systems call it, by [Taxonomy]; a system that has no name for it is absent
public record Entity(String name, String kind, Action action, Map<Taxonomy, String> names) {
    /// What the names of tenants' entities begin with, and no others: what is built in tomorrow is not named as what a
    /// tenant has today.
    public static final String TENANTS = "CUSTOM_";

    private static final String NAME = "[A-Z][A-Z0-9_]{1,39}";
    /// Without `_`, which ends the type in a pseudonym.
    private static final String KIND = "[A-Z]{2,12}";

    public Entity {
        if (!name.matches(NAME)) {
            throw new IllegalArgumentException("entity name " + name + " must match " + NAME);
        }
        if (!kind.matches(KIND)) {
            throw new IllegalArgumentException("the kind " + kind + " of entity " + name + " must match " + KIND);
        }
        names = Map.copyOf(names);
    }

    /// The name as a metric's tag: of a closed set, since those of tenants are one.
    public static String tag(String name) {
        return name.startsWith(TENANTS) ? "CUSTOM" : name;
    }

    /// Whether it is a tenant's own.
    public boolean tenants() {
        return name.startsWith(TENANTS);
    }

    /// Whether the value gets a pseudonym.
    public boolean restorable() {
        return action == Action.PSEUDONYMISE;
    }

    /// The name in a taxonomy, or our own where that one has none.
    public String name(Taxonomy taxonomy) {
        return names.getOrDefault(taxonomy, name);
    }
}
