package dev.postern.cli.backup;

import dev.postern.cli.home.PosternHome;
import dev.postern.cli.platform.ProcessRecords;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import dev.postern.session.RecipientPublicKey;
import dev.postern.session.SealingStream;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;

/// Makes a backup of a platform that stands still.
///
/// Sealed is, for each file: two octets of length and its name, eight of length and its content; at the end two zero
/// octets. Memory: a chunk. Guarantee: the file is on disk under its name, whole, or there is none.
public final class BackupWriter {
    /// What was made.
    ///
    /// @param sha256 of the backup: kept apart from it, it tells this backup from one that somebody else made
    public record Made(Path file, int files, long octets, Instant madeAt, String key, String sha256) {}

    private final PosternHome home;
    private final ProcessRecords processes;
    private final Clock clock;

    public BackupWriter(PosternHome home, Clock clock) {
        this.home = home;
        this.processes = new ProcessRecords(home);
        this.clock = clock;
    }

    /// Makes it.
    ///
    /// @throws Failure when the platform runs, the file exists, or anything could not be read or written
    public Made write(RecipientPublicKey key, Path target) {
        Path file = target.toAbsolutePath().normalize();
        if (file.startsWith(home.root())) {
            throw new Failure(
                    ExitCode.REFUSED, "A backup does not belong into the home that it is of: name a file elsewhere.");
        }
        if (Files.exists(file)) {
            throw new Failure(ExitCode.CONFLICT, file + " exists, and is not replaced.");
        }
        StoppedPlatform.require(processes);
        Path fresh = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
        try {
            SortedMap<String, Path> content = BackupContent.of(home);
            if (content.keySet().stream().noneMatch(name -> name.startsWith("data/"))) {
                throw new Failure("There is nothing to back up in " + home.root() + ".");
            }
            BackupHeader header = new BackupHeader(key.name(), clock.instant().truncatedTo(ChronoUnit.MILLIS));
            String digest = seal(key, header, content, fresh);
            // Somebody may have started it meanwhile: what was read then may not fit together.
            StoppedPlatform.require(processes);
            Files.move(fresh, file);
            Durability.force(file.resolveSibling("."));
            return new Made(file, content.size(), Files.size(file), header.madeAt(), key.name(), digest);
        } catch (IOException e) {
            throw new Failure("The backup could not be made: " + e.getMessage() + ".", e);
        } finally {
            Durability.deleteQuietly(fresh);
        }
    }

    private static String seal(RecipientPublicKey key, BackupHeader header, SortedMap<String, Path> content, Path fresh)
            throws IOException {
        MessageDigest digest = Durability.sha256();
        try (FileChannel channel = FileChannel.open(
                        fresh,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                OutputStream out =
                        new BufferedOutputStream(new DigestOutputStream(Channels.newOutputStream(channel), digest))) {
            out.write(header.octets());
            SealingStream sealing = key.seal(out, header.octets());
            DataOutputStream archive = new DataOutputStream(sealing);
            for (Map.Entry<String, Path> file : content.entrySet()) {
                add(archive, file.getKey(), file.getValue());
            }
            archive.writeShort(0);
            sealing.finish();
            channel.force(true);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void add(DataOutputStream archive, String name, Path file) throws IOException {
        byte[] octets = name.getBytes(StandardCharsets.UTF_8);
        archive.writeShort(octets.length);
        archive.write(octets);
        try (InputStream in = Files.newInputStream(file)) {
            long length = Files.size(file);
            archive.writeLong(length);
            if (in.transferTo(archive) != length) {
                throw new IOException(file + " changed while it was read");
            }
        }
    }
}
