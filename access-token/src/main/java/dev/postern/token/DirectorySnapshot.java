package dev.postern.token;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// One verified version of the key directory.
///
/// @param keys token-signing keys by key id: all that may verify a token
/// @param entries keys of every class, compromised ones included: what owners go by
public record DirectorySnapshot(
        long version, Instant issuedAt, Map<String, DirectoryKey> keys, List<DirectoryEntry> entries) {

    public DirectorySnapshot {
        keys = Map.copyOf(keys);
        entries = List.copyOf(entries);
    }

    /// The keys of one replica in one state.
    public List<DirectoryKey> of(String instance, DirectoryKey.State state) {
        return keys.values().stream()
                .filter(key -> key.instance().equals(instance) && key.state() == state)
                .toList();
    }
}
