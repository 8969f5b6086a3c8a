package dev.postern.rotation.lifecycle;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All keys at one version. Immutable: each change of what the directory says gives a ring with the next version.
public record KeyRing(long version, Map<String, ManagedKey> keys) {
    public static final KeyRing EMPTY = new KeyRing(0, Map.of());

    public KeyRing {
        keys = Map.copyOf(keys);
    }

    public Optional<ManagedKey> find(String kid) {
        return Optional.ofNullable(keys.get(kid));
    }

    /// What the directory lists.
    public List<ManagedKey> published() {
        return keys.values().stream().filter(key -> key.state().published()).toList();
    }

    public List<ManagedKey> of(Holder holder) {
        return keys.values().stream().filter(key -> key.holder().equals(holder)).toList();
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

    /// Without the keys destroyed before `moment`; the same version, for the directory does not list them anyway.
    public KeyRing forgetting(Instant moment) {
        Map<String, ManagedKey> next = new LinkedHashMap<>(keys);
        next.values()
                .removeIf(key -> key.state() instanceof KeyState.Destroyed destroyed
                        && destroyed.since().isBefore(moment));
        return next.size() == keys.size() ? this : new KeyRing(version, next);
    }

    /// The same keys at least one version on, and not below `floor`: what a restart begins with.
    public KeyRing renumbered(long floor) {
        return new KeyRing(Math.max(nextVersion(), floor), keys);
    }
}
