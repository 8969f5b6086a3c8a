package dev.postern.rotation.ledger;

import dev.postern.kms.DurableFile;
import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.rotation.lifecycle.KeyRing;
import dev.postern.rotation.lifecycle.KeyState;
import dev.postern.rotation.lifecycle.ManagedKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The key ring on disk: public data only, replaced atomically. A file that cannot be read stops the start: going
/// on with an empty ring would take every live token's key away and let versions go back.
final class LedgerFile {
    private static final int FORMAT = 1;
    private static final JsonMapper JSON = JsonMapper.shared();

    private record Document(int format, long version, List<Entry> keys) {}

    private record Entry(
            String keyClass,
            String kid,
            URI owner,
            String instance,
            Map<String, String> jwk,
            String state,
            Instant since,
            @Nullable Instant until,
            @Nullable Long version) {}

    private final DurableFile file;

    LedgerFile(Path path) {
        this.file = new DurableFile(path, DurableFile.Audience.OWNER);
    }

    /// @throws LedgerUnusable if there is a file that is not a ledger
    KeyRing read() {
        Path path = file.path();
        if (!Files.exists(path)) {
            return KeyRing.EMPTY;
        }
        try {
            Document document = JSON.readValue(Files.readAllBytes(path), Document.class);
            if (document.format() != FORMAT || document.version() < 0) {
                throw new LedgerUnusable(path);
            }
            Map<String, ManagedKey> keys = new HashMap<>();
            for (Entry entry : document.keys()) {
                keys.put(entry.kid(), key(entry));
            }
            return new KeyRing(document.version(), keys);
        } catch (IOException | JacksonException | IllegalArgumentException | NullPointerException e) {
            throw new LedgerUnusable(path, e);
        }
    }

    void write(KeyRing ring) throws IOException {
        List<Entry> entries =
                ring.keys().values().stream().map(LedgerFile::entry).toList();
        file.replace(JSON.writeValueAsBytes(new Document(FORMAT, ring.version(), entries)));
    }

    private static ManagedKey key(Entry entry) {
        KeyClass keyClass = KeyClass.of(entry.keyClass()).orElseThrow(IllegalArgumentException::new);
        return new ManagedKey(keyClass, entry.kid(), entry.owner(), entry.instance(), entry.jwk(), state(entry));
    }

    private static KeyState state(Entry entry) {
        return switch (entry.state()) {
            case "PREPARED" -> new KeyState.Prepared(entry.since(), present(entry.version()));
            case "ACTIVE" -> new KeyState.Active(entry.since());
            case "RETIRING" -> new KeyState.Retiring(entry.since(), present(entry.until()));
            case "DESTROYED" -> new KeyState.Destroyed(entry.since());
            default -> throw new IllegalArgumentException("unknown key state");
        };
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException("a member is missing");
        }
        return value;
    }

    private static Entry entry(ManagedKey key) {
        KeyState state = key.state();
        return new Entry(
                key.keyClass().wireName(),
                key.kid(),
                key.owner(),
                key.instance(),
                key.jwk(),
                state.label(),
                state.since(),
                state instanceof KeyState.Retiring retiring ? retiring.until() : null,
                state instanceof KeyState.Prepared prepared ? prepared.version() : null);
    }
}
