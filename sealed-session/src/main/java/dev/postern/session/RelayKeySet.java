package dev.postern.session;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// One key for each suite of a relay, born together: published by [RelayKeyRing#publish], or never. Prints no key.
public final class RelayKeySet {
    private final List<KeyId> ids;
    private final List<KemKeyPair> pairs;

    RelayKeySet(List<KeyId> ids, List<KemKeyPair> pairs) {
        this.ids = List.copyOf(ids);
        this.pairs = List.copyOf(pairs);
    }

    /// What the set is called: the id of its first key.
    public String name() {
        return ids.getFirst().toString();
    }

    /// The `key_id` of each.
    public Set<String> keyIds() {
        return ids.stream().map(KeyId::toString).collect(Collectors.toUnmodifiableSet());
    }

    List<RelayPublicKey> publicKeys() {
        return IntStream.range(0, ids.size())
                .mapToObj(i -> new RelayPublicKey(
                        ids.get(i), pairs.get(i).suite(), pairs.get(i).publicKey()))
                .toList();
    }

    List<RelayKey> under(KeyConfig config) {
        return IntStream.range(0, ids.size())
                .mapToObj(i -> new RelayKey(ids.get(i), pairs.get(i), config))
                .toList();
    }

    void erase() {
        pairs.forEach(KemKeyPair::close);
    }

    @Override
    public String toString() {
        return "RelayKeySet[" + ids + "]";
    }
}
