package dev.postern.token;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The public halves of keys that the directory lists no more, the last of them: enough to tell that somebody signs
/// with one. They are trusted for nothing. Thread-safe.
final class FormerKeys {
    private static final int MOST = 64;

    private final Map<String, DirectoryKey> keys = new LinkedHashMap<>();

    synchronized void keep(DirectorySnapshot before, DirectorySnapshot next) {
        Instant seen = next.issuedAt();
        before.keys().values().stream()
                .filter(key -> !next.keys().containsKey(key.keyId()))
                .forEach(key -> keys.put(key.keyId(), key.over(seen)));
        while (keys.size() > MOST) {
            keys.remove(keys.keySet().iterator().next());
        }
    }

    synchronized Optional<DirectoryKey> find(String keyId) {
        return Optional.ofNullable(keys.get(keyId));
    }
}
