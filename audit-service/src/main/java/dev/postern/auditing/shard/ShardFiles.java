package dev.postern.auditing.shard;

import dev.postern.tlog.store.LogDirectory;
import dev.postern.tlog.store.LogStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Where shards lie on disk: `log/<origin>/` (public), `vkeys/<shard>.vkey` (public), `wal/<shard>/` (private),
/// `index/` (private, disposable).
///
/// @param home    the audit directory
/// @param prefix  the origin without its last part, for example `localhost/audit`
public record ShardFiles(Path home, String prefix) {

    private static final String KEY_SUFFIX = ".vkey";

    public String origin(ShardName shard) {
        return prefix + "/" + shard;
    }

    public LogStorage log(ShardName shard) {
        return new LogDirectory(home.resolve("log").resolve(origin(shard)));
    }

    LogStorage keys() {
        return new LogDirectory(home.resolve("vkeys"));
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
