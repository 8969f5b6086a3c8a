package dev.postern.cli.audit;

import dev.postern.cli.terminal.Failure;
import dev.postern.tlog.LogReport;
import dev.postern.tlog.LogVerifier;
import dev.postern.tlog.note.NoteVerifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Verifies every shard of an audit log directory: `log/…/checkpoint` with its tiles, and `vkeys/*.vkey`.
///
/// The log may be written to meanwhile: a shard whose checkpoint moves on while it looks unsound is looked at again.
public final class AuditVerification {
    private static final int ATTEMPTS = 20;
    private static final Duration BETWEEN_WRITES = Duration.ofMillis(500);
    private static final String CHECKPOINT = "checkpoint";

    private final Path directory;

    public AuditVerification(Path directory) {
        this.directory = directory;
    }

    /// What was found in one shard.
    public record Shard(String origin, LogReport report) {}

    /// All shards, ordered by origin.
    ///
    /// @throws Failure when there is no log at all, or a shard without its key
    public List<Shard> run() throws InterruptedException {
        List<Shard> shards = new ArrayList<>();
        for (Path checkpoint : checkpoints()) {
            String origin = origin(checkpoint);
            shards.add(new Shard(origin, verify(parent(checkpoint), key(origin))));
        }
        if (shards.isEmpty()) {
            throw new Failure("There is no audit log in " + directory + ".");
        }
        return shards;
    }

    /// The key of a shard, as the operator keeps it beside the log.
    public NoteVerifier key(String origin) {
        Path keys = directory.resolve("vkeys");
        if (Files.isDirectory(keys)) {
            try (Stream<Path> files = Files.list(keys)) {
                for (Path file :
                        files.filter(name -> name.toString().endsWith(".vkey")).toList()) {
                    Optional<NoteVerifier> key =
                            NoteVerifier.parse(Files.readString(file).strip());
                    if (key.isPresent() && key.get().name().equals(origin)) {
                        return key.get();
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        throw new Failure("There is no verifier key for " + origin + " in " + keys + ".");
    }

    private static LogReport verify(Path log, NoteVerifier key) throws InterruptedException {
        try {
            Path checkpoint = log.resolve(CHECKPOINT);
            for (int attempt = 1; ; attempt++) {
                byte[] before = Files.readAllBytes(checkpoint);
                LogReport report = LogVerifier.verify(log, key);
                if (report.sound() || attempt == ATTEMPTS) {
                    return report;
                }
                // Tiles are written before the checkpoint that covers them: give a writer the time to finish its step.
                Thread.sleep(BETWEEN_WRITES);
                if (Arrays.equals(before, Files.readAllBytes(checkpoint))) {
                    return report;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> checkpoints() {
        Path logs = directory.resolve("log");
        if (!Files.isDirectory(logs)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(logs)) {
            return files.filter(file -> file.endsWith(CHECKPOINT)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String origin(Path checkpoint) {
        try {
            return new String(Files.readAllBytes(checkpoint), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path parent(Path file) {
        Path parent = file.getParent();
        return parent == null ? file : parent;
    }
}
