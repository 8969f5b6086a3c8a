package dev.postern.redacting.detection;

/// A kind of sensitive value. The set is closed by the rule pack, so its names are safe as metric tags.
///
/// @param name upper-case ASCII; without `_` when restorable, because it opens a pseudonym
/// @param restorable whether the value gets a pseudonym (true) or is removed for good (secrets)
public record Entity(String name, boolean restorable) {
    public Entity {
        String shape = restorable ? "[A-Z]{2,12}" : "[A-Z][A-Z_]{1,23}";
        if (!name.matches(shape)) {
            throw new IllegalArgumentException("entity name " + name + " must match " + shape);
        }
    }
}
