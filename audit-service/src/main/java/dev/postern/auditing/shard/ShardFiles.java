package dev.postern.auditing.shard;

import dev.postern.audit.root.RootEntry;
import dev.postern.tlog.note.NoteSigner;
import dev.postern.tlog.store.LogDirectory;
import dev.postern.tlog.store.LogStorage;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where shards lie on disk: `log/<origin>/` (public), `vkeys/<shard>.vkey` (public), `wal/<shard>/` (private),
/// `index/` (private, disposable).
///
/// @param home    the audit directory
/// @param prefix  the origin without its last part, for example `localhost/audit`
/// @param access  how a log's files are reached; tests make it fail
public record ShardFiles(Path home, String prefix, UnaryOperator<LogStorage> access) {

    private static final String KEY_SUFFIX = ".vkey";
    /// Of a second key. Not `.vkey`: for each of those a verifier expects a log.
    private static final String SECOND_SUFFIX = ".mldsa44";

    public ShardFiles(Path home, String prefix) {
        this(home, prefix, UnaryOperator.identity());
    }

    /// The name of the root log.
    public String rootOrigin() {
        return prefix + "/" + RootEntry.LOG;
    }

    /// The published files of the root log.
    public LogStorage root() {
        return log(rootOrigin());
    }

    /// Makes the keys of a log public: the second one first, since a shard is there once its first one is.
    ///
    /// @param log a shard, or the root log
    public void publishKeys(String log, NoteSigner signer) throws IOException {
        if (signer.second().isPresent()) {
            publish(log + SECOND_SUFFIX, signer.second().get().verifier().toString());
        }
        publish(log + KEY_SUFFIX, signer.verifier().toString());
    }

    private void publish(String file, String vkey) throws IOException {
        keys().create(file, (vkey + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /// What a log's checkpoints are signed with beside its key, ML-DSA-44 in C2SP text form, if there is one.
    ///
    /// @param log a shard, or the root log
    public Optional<String> secondVkey(String log) throws IOException {
        return vkey(log + SECOND_SUFFIX);
    }

    public Path rootWriteAheadLog() {
        return home.resolve("wal").resolve(RootEntry.LOG);
    }

    public String origin(ShardName shard) {
        return prefix + "/" + shard;
    }

    public LogStorage log(ShardName shard) {
        return log(origin(shard));
    }

    private LogStorage log(String origin) {
        return access.apply(new LogDirectory(home.resolve("log").resolve(origin)));
    }

    LogStorage keys() {
        return access.apply(new LogDirectory(home.resolve("vkeys")));
    }

    /// What a shard's checkpoints are verified with, C2SP text form; empty if the shard is not there.
    public Optional<String> vkey(ShardName shard) throws IOException {
        return vkey(keyFile(shard));
    }

    /// As [#vkey(ShardName)], of the root log.
    public Optional<String> rootVkey() throws IOException {
        return vkey(RootEntry.LOG + KEY_SUFFIX);
    }

    private Optional<String> vkey(String file) throws IOException {
        return keys().read(file).map(text -> new String(text, StandardCharsets.UTF_8).strip());
    }

    /// Whether anything of a shard is there: a deletion may have been cut short.
    public boolean exists(ShardName shard) {
        return places(shard).stream().anyMatch(Files::exists);
    }

    /// Deletes a shard as a whole, its key first: what is without a key is no shard any more. May be repeated.
    public void delete(ShardName shard) throws IOException {
        for (Path place : places(shard)) {
            if (Files.exists(place)) {
                deleteTree(place);
                force(place.resolveSibling("."));
            }
        }
    }

    private List<Path> places(ShardName shard) {
        return List.of(
                home.resolve("vkeys").resolve(keyFile(shard)),
                home.resolve("vkeys").resolve(shard + SECOND_SUFFIX),
                home.resolve("log").resolve(origin(shard)),
                writeAheadLog(shard));
    }

    private static void deleteTree(Path tree) throws IOException {
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    String keyFile(ShardName shard) {
        return shard + KEY_SUFFIX;
    }

    Path writeAheadLog(ShardName shard) {
        return home.resolve("wal").resolve(shard.value());
    }

    /// What is rebuilt from the log whenever it is gone.
    public Path index() {
        return home.resolve("index");
    }

    /// Every shard there is, oldest first. A shard's key is the first thing written of it.
    public List<ShardName> shards() throws IOException {
        Path keys = home.resolve("vkeys");
        if (!Files.isDirectory(keys)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(keys)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(KEY_SUFFIX))
                    .map(name -> name.substring(0, name.length() - KEY_SUFFIX.length()))
                    .filter(ShardName::isName)
                    .map(ShardName::new)
                    .sorted()
                    .toList();
        }
    }
}
