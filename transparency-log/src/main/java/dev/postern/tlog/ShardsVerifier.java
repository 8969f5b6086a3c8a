package dev.postern.tlog;

import dev.postern.tlog.store.LogStorage;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Checks every shard of a sharded log: `<logs>/<origin>/…` with the keys `<keys>/<last part of origin>.vkey`.
///
/// Guarantee: a log without a key, a key without a log and a key of another origin are faults, so removing a whole
/// shard, or its key, is noticed as long as the other one is there.
public final class ShardsVerifier {

    private static final String KEY_SUFFIX = ".vkey";

    private ShardsVerifier() {}

    public static List<ShardReport> verify(Path logs, Path keys) throws IOException {
        return verify(logs, keys, PriorKnowledge.NONE, (_, _) -> {});
    }

    /// As [#verify(Path, Path)], and what is known beforehand must be so: a pinned key is the log's key, and a log of
    /// which an earlier checkpoint is known is there and only grew.
    ///
    /// @param leaves  sees the leaves of one log after the other
    public static List<ShardReport> verify(Path logs, Path keys, PriorKnowledge prior, LeafVisitor leaves)
            throws IOException {
        List<ShardReport> reports = new ArrayList<>();
        Set<String> expected = keyNames(keys);
        Set<String> known = prior.origins();
        for (String origin : origins(logs)) {
            String shard = shard(origin);
            expected.remove(shard);
            known.remove(origin);
            ShardKey key = key(keys, prior, origin);
            LogReport report = key.verifier().isPresent()
                    ? LogVerifier.verify(logs.resolve(origin), key.verifier().get(), prior, leaves)
                    : fault(shard + KEY_SUFFIX, key.fault());
            reports.add(new ShardReport(origin, report));
        }
        for (String origin : known) {
            expected.remove(shard(origin));
            reports.add(new ShardReport(origin, fault(LogStorage.CHECKPOINT, "a log that is known of is missing")));
        }
        for (String shard : expected) {
            reports.add(new ShardReport(shard, fault(shard + KEY_SUFFIX, "the log that this key signs is missing")));
        }
        return List.copyOf(reports);
    }

    private static String shard(String origin) {
        return origin.substring(origin.lastIndexOf('/') + 1);
    }

    private static ShardKey key(Path keys, PriorKnowledge prior, String origin) throws IOException {
        Path file = keys.resolve(shard(origin) + KEY_SUFFIX);
        Optional<byte[]> text = Files.isRegularFile(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
        return ShardKey.choose(origin, text, prior);
    }

    private static LogReport fault(String path, String what) {
        return new LogReport(Optional.empty(), 0, Optional.of(new Inconsistency(-1, path, what)));
    }

    private static Set<String> origins(Path logs) throws IOException {
        Set<String> origins = new TreeSet<>();
        Files.walkFileTree(logs, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                take(directory, "tile");
                return directory.endsWith("tile") ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                take(file, LogStorage.CHECKPOINT);
                return FileVisitResult.CONTINUE;
            }

            // The log may be in use: a temporary file that is gone again is no fault.
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException && !file.equals(logs)) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            private void take(Path file, String name) {
                if (file.endsWith(name)) {
                    origins.add(logs.relativize(file.resolveSibling(".").normalize())
                            .toString());
                }
            }
        });
        return origins;
    }

    private static Set<String> keyNames(Path keys) throws IOException {
        if (!Files.isDirectory(keys)) {
            return new TreeSet<>();
        }
        try (Stream<Path> files = Files.list(keys)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(KEY_SUFFIX))
                    .map(name -> name.substring(0, name.length() - KEY_SUFFIX.length()))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
