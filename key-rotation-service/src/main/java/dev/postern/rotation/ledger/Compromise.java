package dev.postern.rotation.ledger;

import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.rotation.lifecycle.KeyRing;
import dev.postern.rotation.lifecycle.KeyState;
import dev.postern.rotation.lifecycle.ManagedKey;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What somebody calls compromised.
///
/// @param kid one key in whatever state; without it, every active key of the class
/// @param owner only keys of this service
/// @param calledBy SPIFFE id, client id, or the trigger of an automatic one
/// @param approvedBy the second person, of a real one
/// @param called when the call arrived: the timeline begins here
public record Compromise(
        KeyClass keyClass,
        Optional<String> kid,
        Optional<URI> owner,
        Mode mode,
        String calledBy,
        Optional<String> approvedBy,
        Instant called) {
    /// The keys it means. What only a drill has denied may be stolen all the same: whoever is serious may mean it too,
    /// and where denied keys get successors (certificates) means it without naming it.
    ///
    /// @param onlyDrilled the ids of keys that nobody but drills has denied
    /// @throws CompromiseRefused if it means nothing, or too much
    List<ManagedKey> meant(KeyRing ring, Set<String> onlyDrilled) {
        if (!keyClass.listed() && kid.isEmpty() && owner.isEmpty()) {
            throw new CompromiseRefused(CompromiseRefused.Reason.TOO_MANY_MEANT);
        }
        List<ManagedKey> meant = ring.keys().values().stream()
                .filter(key -> key.keyClass() == keyClass)
                .filter(key -> owner.map(key.owner()::equals).orElse(true))
                .filter(key -> key.state() instanceof KeyState.Compromised
                        ? mode != Mode.DRILL
                                && onlyDrilled.contains(key.kid())
                                && kid.map(key.kid()::equals).orElse(!keyClass.listed())
                        : kid.map(key.kid()::equals).orElse(key.state() instanceof KeyState.Active))
                .toList();
        if (meant.isEmpty()) {
            throw new CompromiseRefused(CompromiseRefused.Reason.NOTHING_TO_DENY);
        }
        return meant;
    }

    /// Why.
    public enum Mode {
        /// To see how long it takes; everything happens as if it were real.
        DRILL("drill"),
        /// Two persons say so.
        REAL("real"),
        /// A trigger that policy trusts says so.
        AUTOMATIC("automatic");

        private final String code;

        Mode(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }
}
