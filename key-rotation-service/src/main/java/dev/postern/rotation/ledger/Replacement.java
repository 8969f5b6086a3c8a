package dev.postern.rotation.ledger;

import dev.postern.rotation.lifecycle.Holder;
import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.rotation.lifecycle.KeyRing;
import dev.postern.rotation.lifecycle.ManagedKey;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The keys that an operator wants replaced, and whether they are.
///
/// @param kids of the keys that were active when it was asked for
/// @param holders of these keys
record Replacement(KeyClass keyClass, List<String> kids, Set<Holder> holders) {
    /// @throws RotationImpossible if there is nothing to rotate
    static Replacement of(KeyRing ring, KeyClass keyClass, Optional<URI> owner) {
        List<ManagedKey> old = ring.active(keyClass).stream()
                .filter(key -> owner.map(key.owner()::equals).orElse(true))
                .toList();
        if (old.isEmpty()) {
            throw new RotationImpossible(RotationImpossible.Reason.NOTHING_ACTIVE);
        }
        return new Replacement(keyClass, old.stream().map(ManagedKey::kid).toList(), holders(old));
    }

    /// The ids of the keys in their place, once every holder has one. A key that went with its silent owner is gone
    /// too, but nobody signs in its place.
    Optional<List<String>> successors(KeyRing ring) {
        List<ManagedKey> successors = ring.active(keyClass).stream()
                .filter(key -> holders.contains(key.holder()) && !kids.contains(key.kid()))
                .toList();
        return holders(successors).equals(holders)
                ? Optional.of(successors.stream().map(ManagedKey::kid).toList())
                : Optional.empty();
    }

    private static Set<Holder> holders(List<ManagedKey> keys) {
        return keys.stream().map(ManagedKey::holder).collect(Collectors.toUnmodifiableSet());
    }
}
