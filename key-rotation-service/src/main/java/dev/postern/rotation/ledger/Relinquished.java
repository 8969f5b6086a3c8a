package dev.postern.rotation.ledger;

import dev.postern.rotation.lifecycle.Holder;
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
    /// The first version that everybody can know it by, until it is acknowledged; and then when that was.
    private record Since(Holder holder, long version, Optional<Instant> known) {}

    private final Map<String, Since> keys = new HashMap<>();

    /// A ring that is published.
    void published(KeyRing ring) {
        keys.keySet().removeIf(kid -> ring.find(kid).isEmpty());
        ring.keys().forEach((kid, key) -> {
            boolean inUse = key.state() instanceof KeyState.Prepared || key.state() instanceof KeyState.Active;
            if (!inUse) {
                keys.putIfAbsent(kid, new Since(key.holder(), ring.version(), Optional.empty()));
            }
        });
    }

    /// @param applied the version that it acknowledges; empty when it has left
    void heard(Holder holder, OptionalLong applied, Instant now) {
        keys.replaceAll((_, since) -> since.known().isEmpty()
                        && since.holder().equals(holder)
                        && (applied.isEmpty() || applied.getAsLong() >= since.version())
                ? new Since(holder, since.version(), Optional.of(now))
                : since);
    }

    Optional<Instant> since(String kid) {
        return Optional.ofNullable(keys.get(kid)).flatMap(Since::known);
    }
}
