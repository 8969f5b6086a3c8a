package dev.postern.rotation.lifecycle;

import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// All keys at one version. Immutable: each change of what the directory says gives a ring with the next version.
public record KeyRing(long version, Map<String, ManagedKey> keys) {
    public static final KeyRing EMPTY = new KeyRing(0, Map.of());

    public KeyRing {
        keys = Map.copyOf(keys);
    }

    public Optional<ManagedKey> find(String kid) {
        return Optional.ofNullable(keys.get(kid));
    }

    /// What may still be used for anything.
    public List<ManagedKey> usable() {
        return keys.values().stream().filter(key -> key.state().usable()).toList();
    }

    /// What the directory lists: what may be used, and what was compromised so that its owner gives it up.
    public List<ManagedKey> listed() {
        return keys.values().stream()
                .filter(key -> (key.keyClass().listed() && key.state().usable())
                        || key.state() instanceof KeyState.Compromised)
                .toList();
    }

    public List<ManagedKey> of(Slot slot) {
        return keys.values().stream().filter(key -> key.slot().equals(slot)).toList();
    }

    /// The active keys of a class, over all holders.
    public List<ManagedKey> active(KeyClass keyClass) {
        return keys.values().stream()
                .filter(key -> key.keyClass() == keyClass && key.state() instanceof KeyState.Active)
                .toList();
    }

    /// What stands ready in a slot: the spare that has waited longest.
    public Optional<ManagedKey> spare(Slot slot) {
        return spare(of(slot));
    }

    static Optional<ManagedKey> spare(List<ManagedKey> keys) {
        return keys.stream()
                .filter(key -> key.state() instanceof KeyState.Prepared)
                .min(Comparator.comparing((ManagedKey key) -> key.state().since())
                        .thenComparing(ManagedKey::kid));
    }

    /// The version that [#withNew] and [#after] lead to.
    public long nextVersion() {
        return version + 1;
    }

    public KeyRing withNew(ManagedKey key) {
        Map<String, ManagedKey> next = new LinkedHashMap<>(keys);
        if (next.putIfAbsent(key.kid(), key) != null) {
            throw new IllegalArgumentException("a key id is used once");
        }
        return new KeyRing(nextVersion(), next);
    }

    public KeyRing after(List<Move> moves) {
        Map<String, ManagedKey> next = new LinkedHashMap<>(keys);
        for (Move move : moves) {
            next.put(move.key().kid(), move.key().after(move.event()));
        }
        return new KeyRing(nextVersion(), next);
    }

    /// Without the keys that ended before the moment that `remembered` says for their class; the same version, for
    /// nobody is told of their end.
    public KeyRing forgetting(Function<ManagedKey, Instant> remembered) {
        Map<String, ManagedKey> next = new LinkedHashMap<>(keys);
        next.values()
                .removeIf(key -> !key.state().usable() && key.state().since().isBefore(remembered.apply(key)));
        return next.size() == keys.size() ? this : new KeyRing(version, next);
    }

    /// Without these; the same version, as with [#forgetting].
    public KeyRing without(Set<String> kids) {
        if (kids.isEmpty()) {
            return this;
        }
        Map<String, ManagedKey> next = new LinkedHashMap<>(keys);
        next.keySet().removeAll(kids);
        return new KeyRing(version, next);
    }

    /// The same keys at least one version on, and not below `floor`: what a restart begins with.
    public KeyRing renumbered(long floor) {
        return new KeyRing(Math.max(nextVersion(), floor), keys);
    }
}
