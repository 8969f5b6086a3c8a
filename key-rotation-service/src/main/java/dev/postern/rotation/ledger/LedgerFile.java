package dev.postern.rotation.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.postern.kms.DurableFile;
import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.rotation.lifecycle.KeyRing;
import dev.postern.rotation.lifecycle.KeyState;
import dev.postern.rotation.lifecycle.ManagedKey;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The ledger on disk: public data only, replaced atomically. A file that cannot be read stops the start: going on with
/// an empty ring would take every live token's key away and let versions go back.
///
/// Guarantee, where several processes share the file: a write with an older fence than the stored one is refused, and
/// of those who take over one succeeds. A lock on `<file>.lock` makes comparing and replacing one step. A process that
/// has seen a ledger once never takes a missing one for an empty one.
final class LedgerFile {
    private static final int FORMAT = 2;
    private static final JsonMapper JSON = JsonMapper.shared();

    /// @param fence nothing in format 1, as are the two after it
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Document(
            int format,
            long version,
            List<Entry> keys,
            @Nullable Long fence,
            LedgerContent.@Nullable Pause paused,
            @Nullable List<Incident> incidents) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
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

    /// Which file was there: a replaced one has another key or another time.
    private record Sight(@Nullable Object fileKey, FileTime modified, long size) {}

    private final DurableFile file;
    private final Path lock;
    private @Nullable Sight seen;

    LedgerFile(Path path) {
        this.file = new DurableFile(path, DurableFile.Audience.OWNER);
        this.lock = file.path().resolveSibling(file.path().getFileName() + ".lock");
    }

    /// Empty only while this process has never seen a ledger there.
    ///
    /// @throws IOException if it cannot be read now, or is gone
    /// @throws LedgerUnusable if there is a file that is not a ledger
    LedgerContent read() throws IOException {
        // Before the content: what is written meanwhile is seen as a change later.
        Sight now = sight();
        if (now == null) {
            return LedgerContent.EMPTY;
        }
        LedgerContent content = parse(Files.readAllBytes(file.path()));
        seen = now;
        return content;
    }

    private LedgerContent parse(byte[] bytes) {
        try {
            Document document = JSON.readValue(bytes, Document.class);
            if (document.format() < 1 || document.format() > FORMAT || document.version() < 0) {
                throw new LedgerUnusable(file.path());
            }
            Map<String, ManagedKey> keys = new HashMap<>();
            for (Entry entry : document.keys()) {
                keys.put(entry.kid(), key(entry));
            }
            return new LedgerContent(
                    document.fence() == null ? 0 : document.fence(),
                    new KeyRing(document.version(), keys),
                    Optional.ofNullable(document.paused()),
                    document.incidents() == null ? List.of() : document.incidents());
        } catch (JacksonException | IllegalArgumentException | NullPointerException e) {
            throw new LedgerUnusable(file.path(), e);
        }
    }

    /// Whether the file is another one than was read or written here, or gone.
    boolean changedElsewhere() throws IOException {
        try {
            return !Objects.equals(seen, sight());
        } catch (NoSuchFileException _) {
            return true;
        }
    }

    private @Nullable Sight sight() throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file.path(), BasicFileAttributes.class);
            return new Sight(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
        } catch (NoSuchFileException e) {
            if (seen == null) {
                return null;
            }
            throw e;
        }
    }

    /// Replaces it; leaves one that says the same as it is.
    ///
    /// @throws FencedOut if a newer leader has written it
    /// @throws IOException also if the stored fence cannot be read: it may be a newer one
    void write(LedgerContent content) throws IOException {
        try (FileChannel channel = lockFile();
                var _ = channel.lock()) {
            byte[] there = stored();
            if (fence(there) > content.fence()) {
                throw new FencedOut();
            }
            replace(there, content);
        } catch (OverlappingFileLockException e) {
            throw held(e);
        }
    }

    /// Reads and replaces in one step.
    ///
    /// @param next makes of what is there what the new leader goes on with
    /// @return empty, with nothing changed, if the stored fence is not below `fence`
    Optional<LedgerContent> takeOver(long fence, UnaryOperator<LedgerContent> next) throws IOException {
        try (FileChannel channel = lockFile();
                var _ = channel.lock()) {
            LedgerContent there = read();
            if (there.fence() >= fence) {
                return Optional.empty();
            }
            LedgerContent mine = next.apply(there.ledBy(fence));
            replace(stored(), mine);
            return Optional.of(mine);
        } catch (OverlappingFileLockException e) {
            throw held(e);
        }
    }

    private FileChannel lockFile() throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.path().getParent()));
        return FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static IOException held(OverlappingFileLockException cause) {
        return new IOException("another thread of this process writes the ledger", cause);
    }

    private void replace(byte[] there, LedgerContent content) throws IOException {
        List<Entry> entries =
                content.ring().keys().values().stream().map(LedgerFile::entry).toList();
        byte[] bytes = JSON.writeValueAsBytes(new Document(
                FORMAT,
                content.ring().version(),
                entries,
                content.fence(),
                content.paused().orElse(null),
                content.incidents()));
        if (!Arrays.equals(there, bytes)) {
            file.replace(bytes);
        }
        seen = sight();
    }

    /// Nothing when there is no file.
    private byte[] stored() throws IOException {
        try {
            return Files.readAllBytes(file.path());
        } catch (NoSuchFileException _) {
            return new byte[0];
        }
    }

    /// A file that is gone or broken fences nobody out.
    private static long fence(byte[] stored) {
        try {
            return JSON.readTree(stored).path("fence").asLong(0);
        } catch (JacksonException _) {
            return 0;
        }
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
            case "COMPROMISED" -> new KeyState.Compromised(entry.since());
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
