package dev.postern.cli.audit;

import dev.postern.cli.terminal.Failure;
import dev.postern.tlog.Inconsistency;
import dev.postern.tlog.LeafVisitor;
import dev.postern.tlog.LogReport;
import dev.postern.tlog.PriorKnowledge;
import dev.postern.tlog.ShardsVerifier;
import dev.postern.tlog.note.NoteVerifier;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
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
    private final PriorKnowledge prior;
    private final LeafVisitor leaves;

    public AuditVerification(Path directory) {
        this(directory, PriorKnowledge.NONE, (_, _) -> {});
    }

    /// @param leaves  sees every leaf that is checked, those that are looked at again twice
    public AuditVerification(Path directory, PriorKnowledge prior, LeafVisitor leaves) {
        this.directory = directory;
        this.prior = prior;
        this.leaves = leaves;
    }

    /// What was found in one shard.
    ///
    /// @param deleted  whether the root log says that it was, and nothing else vouches for it
    public record Shard(String origin, LogReport report, boolean deleted) {
        Shard(String origin, LogReport report) {
            this(origin, report, false);
        }

        /// A log at fault of which nothing was read.
        ///
        /// @param path  the file that is to blame
        static Shard fault(String origin, String path, String what) {
            return new Shard(
                    origin, new LogReport(Optional.empty(), 0, Optional.of(new Inconsistency(-1, path, what))));
        }
    }

    /// All shards, ordered by origin.
    ///
    /// A key without its log, a log without its key and a log in another's place are faults.
    ///
    /// @throws Failure when there is no log at all
    public List<Shard> run() throws InterruptedException {
        if (!Files.isDirectory(directory.resolve("log"))) {
            throw new Failure("There is no audit log in " + directory + ".");
        }
        for (int attempt = 1; ; attempt++) {
            List<Shard> shards = look();
            if (shards.isEmpty()) {
                throw new Failure("There is no audit log in " + directory + ".");
            }
            if (attempt == ATTEMPTS
                    || shards.stream().allMatch(shard -> shard.report().sound())) {
                return shards;
            }
            List<byte[]> before = heads(shards);
            // Tiles are written before the checkpoint that covers them: give a writer the time to finish its step.
            Thread.sleep(BETWEEN_WRITES);
            if (Arrays.deepEquals(before.toArray(), heads(shards).toArray())) {
                return shards;
            }
        }
    }

    private List<Shard> look() throws InterruptedException {
        try {
            RootAgreement root = RootAgreement.before(RootAgreement.Place.of(directory), prior);
            List<Shard> shards =
                    ShardsVerifier.verify(directory.resolve("log"), directory.resolve("vkeys"), prior, leaves).stream()
                            .map(shard -> new Shard(shard.origin(), shard.report()))
                            .toList();
            return root.judge(shards);
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    /// The checkpoints as they are now; empty where there is none.
    private List<byte[]> heads(List<Shard> shards) {
        return shards.stream()
                .map(shard -> directory.resolve("log").resolve(shard.origin()).resolve(CHECKPOINT))
                .map(AuditVerification::head)
                .toList();
    }

    private static byte[] head(Path checkpoint) {
        try {
            return Files.readAllBytes(checkpoint);
        } catch (NoSuchFileException _) {
            return new byte[0];
        } catch (IOException e) {
            throw unreadable(checkpoint, e);
        }
    }

    /// Of a file in it the system says which.
    private static Failure unreadable(Path place, IOException e) {
        String file = e instanceof FileSystemException of && of.getFile() != null ? of.getFile() : place.toString();
        return new Failure(file + " cannot be read.", e);
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
                throw unreadable(keys, e);
            }
        }
        throw new Failure("There is no verifier key for " + origin + " in " + keys + ".");
    }
}
