package dev.postern.rotation.ledger;

import dev.postern.rotation.lifecycle.Holder;
import dev.postern.rotation.lifecycle.KeyClass.Custody;
import dev.postern.rotation.lifecycle.KeyRing;
import dev.postern.rotation.lifecycle.KeyState;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Since when the holder of a key that is not in use any more is known to make nothing new with it: since it
/// acknowledged a directory that says so, or left.
///
/// Not kept over a change of leaders: the new one takes the first acknowledgement that it hears itself, so it says
/// `later` where the truth is `earlier`, never the reverse. Not safe for several threads: the ledger locks.
final class Relinquished {
    /// By holder: its keys, and the first version that says of each that it is not in use any more.
    private final Map<Holder, Map<String, Long>> unacknowledged = new HashMap<>();
    private final Map<String, Instant> since = new HashMap<>();

    /// A ring that is published. Of what all replicas hold, and of certificates, no single process can say so.
    void published(KeyRing ring) {
        since.keySet().removeIf(kid -> ring.find(kid).isEmpty());
        unacknowledged
                .values()
                .forEach(keys -> keys.keySet().removeIf(kid -> ring.find(kid).isEmpty()));
        unacknowledged.values().removeIf(Map::isEmpty);
        ring.keys().forEach((kid, key) -> {
            boolean inUse = key.state() instanceof KeyState.Prepared || key.state() instanceof KeyState.Active;
            if (!inUse && key.keyClass().custody() == Custody.PROCESS && !since.containsKey(kid)) {
                var _ = unacknowledged
                        .computeIfAbsent(key.holder(), _ -> new HashMap<>())
                        .putIfAbsent(kid, ring.version());
            }
        });
    }

    /// @param applied the version that it acknowledges; empty when it has left
    void heard(Holder holder, OptionalLong applied, Instant now) {
        Map<String, Long> theirs = unacknowledged.get(holder);
        if (theirs == null) {
            return;
        }
        theirs.entrySet().removeIf(key -> {
            boolean given = applied.isEmpty() || applied.getAsLong() >= key.getValue();
            if (given) {
                since.put(key.getKey(), now);
            }
            return given;
        });
    }

    Optional<Instant> since(String kid) {
        return Optional.ofNullable(since.get(kid));
    }
}
