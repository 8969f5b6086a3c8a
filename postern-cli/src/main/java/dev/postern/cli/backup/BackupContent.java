package dev.postern.cli.backup;

import dev.postern.cli.home.PosternHome;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What of a platform's home belongs into a backup: everything that it needs to run again as itself. Left out is what
/// the next start makes anew: Redis, the operator's certificate, the audit index, join tokens, a Vault's secret ids,
/// locks and
/// half-written
/// files. `logs/` and
/// `run/` are of that time.
final class BackupContent {
    private static final List<String> FILES = List.of("ca.pem", "backup-key.pub");
    private static final List<String> DIRECTORIES = List.of("clients", "data");
    /// What is restored as one.
    static final List<String> TOPS =
            Stream.concat(FILES.stream(), DIRECTORIES.stream()).toList();

    private static final int LONGEST_NAME = 1_024;
    /// No segment begins with a dot: neither `..` nor a temporary file.
    private static final Pattern NAME = Pattern.compile("[\\w@+=~-][\\w.@+=~-]*(/[\\w@+=~-][\\w.@+=~-]*)*");

    private static final Pattern LEFT_OUT = Pattern.compile("data/redis/.*"
            + "|data/[^/]+/join-token|data/key-rotation-service/join/.*"
            + "|data/[^/]+/vault-secret-id"
            + "|data/audit/index/.*"
            + "|clients/operator/.*"
            + "|.*/lock|.*\\.lock|.*\\.(lock|trace)\\.db|.*\\.new");

    private BackupContent() {}

    /// The files, sorted by name.
    ///
    /// @throws Failure when something lies there that a backup cannot hold
    static SortedMap<String, Path> of(PosternHome home) throws IOException {
        SortedMap<String, Path> files = new TreeMap<>();
        for (String top : TOPS) {
            Path start = home.root().resolve(top);
            if (Files.exists(start, LinkOption.NOFOLLOW_LINKS)) {
                Files.walkFileTree(start, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        String name = home.root().relativize(file).toString().replace(File.separatorChar, '/');
                        if (!LEFT_OUT.matcher(name).matches()
                                && !file.getFileName().toString().startsWith(".")) {
                            if (!attributes.isRegularFile() || !admits(name)) {
                                throw new Failure(
                                        ExitCode.REFUSED,
                                        file + " is no regular file with a plain name: a backup cannot hold it.");
                            }
                            files.put(name, file);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
            }
        }
        return files;
    }

    /// Whether a backup may hold a file of that name: below the home, and of what [#TOPS] names.
    static boolean admits(String name) {
        return name.length() <= LONGEST_NAME
                && NAME.matcher(name).matches()
                && !LEFT_OUT.matcher(name).matches()
                && (FILES.contains(name) || DIRECTORIES.stream().anyMatch(it -> name.startsWith(it + "/")));
    }
}
