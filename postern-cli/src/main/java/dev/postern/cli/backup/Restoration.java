package dev.postern.cli.backup;

import dev.postern.cli.home.Directories;
import dev.postern.cli.home.PosternHome;
import dev.postern.cli.home.PrivateFiles;
import dev.postern.cli.home.RestoringDirectory;
import dev.postern.cli.platform.ProcessRecords;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import dev.postern.session.RecipientKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Puts a backup in place of a platform.
///
/// Everything is written below `restoring/` and verified to its end first; then it is moved into its place. Guarantee:
/// a backup that is not whole and authentic changes nothing. After a crash in the middle of the moves the platform does
/// not start until the restore was repeated, and what was there before lies below `restoring/former` until then. Files
/// are 0600, directories 0700.
public final class Restoration {
    /// What was restored.
    public record Restored(int files, long octets, Instant madeAt) {}

    /// What is there stays: the security team may have replaced the key since the backup was made.
    private static final String PUBLIC_KEY = "backup-key.pub";

    private final PosternHome home;
    private final ProcessRecords processes;
    private final Path fresh;
    private final Path former;
    private final Set<Path> directories = new LinkedHashSet<>();
    private int files;
    private long octets;

    public Restoration(PosternHome home) {
        this.home = home;
        this.processes = new ProcessRecords(home);
        this.fresh = home.restoring().resolve("fresh");
        this.former = home.restoring().resolve("former");
    }

    /// Restores it.
    ///
    /// @param sha256 what the backup must hash to, where that is known
    /// @param overwriting a platform that is there already may be replaced
    public Restored restore(Path backup, RecipientKey key, Optional<String> sha256, boolean overwriting) {
        StoppedPlatform.require(processes);
        try (RestoringDirectory restoring = RestoringDirectory.hold(home)) {
            if (!overwriting && !restoring.isUnfinished() && hasPlatform()) {
                restoring.remove();
                throw new Failure(
                        ExitCode.CONFLICT,
                        "There is a platform in " + home.root()
                                + ". --overwrite-existing-platform replaces it, and what it holds is then gone.");
            }
            return restore(backup, key, sha256);
        } catch (IOException e) {
            throw new Failure("The backup could not be restored: " + e.getMessage() + ".", e);
        }
    }

    private Restored restore(Path backup, RecipientKey key, Optional<String> sha256) throws IOException {
        boolean replaced = false;
        try {
            Directories.delete(fresh);
            BackupHeader header = stage(backup, key, sha256);
            StoppedPlatform.require(processes);
            replace();
            replaced = true;
            return new Restored(files, octets, header.madeAt());
        } finally {
            // After it nothing is left here, and what another restore begins is not ours to remove.
            if (!replaced) {
                tidyUp();
            }
        }
    }

    private boolean hasPlatform() {
        return BackupContent.TOPS.stream()
                .filter(top -> !top.equals(PUBLIC_KEY))
                .map(home.root()::resolve)
                .anyMatch(Restoration::holdsSomething);
    }

    private static boolean holdsSomething(Path top) {
        if (!Files.isDirectory(top)) {
            return Files.exists(top);
        }
        try (Stream<Path> content = Files.walk(top)) {
            return content.anyMatch(file -> !Files.isDirectory(file));
        } catch (IOException e) {
            throw new Failure(top + " cannot be read.", e);
        }
    }

    private BackupHeader stage(Path backup, RecipientKey key, Optional<String> sha256) throws IOException {
        PrivateFiles.directory(fresh);
        directories.add(fresh);
        BackupHeader header =
                BackupReader.open(backup, key, sha256, (entry, content) -> write(fresh.resolve(entry.name()), content));
        for (Path directory : directories) {
            Durability.force(directory);
        }
        return header;
    }

    private void write(Path file, InputStream content) throws IOException {
        Path directory = Objects.requireNonNull(file.getParent(), "a name has its directory");
        PrivateFiles.directory(directory);
        for (Path above = directory; above.startsWith(fresh); above = Objects.requireNonNull(above.getParent())) {
            directories.add(above);
        }
        // Twice the same name is refused here.
        try (FileChannel channel = FileChannel.open(
                        file,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                OutputStream out = Channels.newOutputStream(channel)) {
            octets += content.transferTo(out);
            channel.force(true);
        }
        files++;
    }

    /// Moves what is there to `former`, and what was staged into its place. What an attempt before this one already
    /// moved away stays the former; what it left in its place is a half of a restore.
    private void replace() throws IOException {
        PrivateFiles.directory(former);
        Durability.force(home.restoring());
        Durability.force(home.root());
        for (String top : BackupContent.TOPS) {
            Path place = home.root().resolve(top);
            if (top.equals(PUBLIC_KEY) && Files.exists(place)) {
                continue;
            }
            if (Files.exists(former.resolve(top))) {
                Directories.delete(place);
            } else if (Files.exists(place)) {
                Files.move(place, former.resolve(top), StandardCopyOption.ATOMIC_MOVE);
            }
            if (Files.exists(fresh.resolve(top))) {
                Files.move(fresh.resolve(top), place, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        Durability.force(home.root());
        // In one step: a half-deleted former would look like an unfinished restore.
        Directories.delete(fresh);
        Files.move(former, fresh, StandardCopyOption.ATOMIC_MOVE);
        Directories.delete(home.restoring());
        Durability.force(home.root());
    }

    /// What was opened does not stay; what was there before does, while it is not replaced.
    private void tidyUp() {
        try {
            Directories.delete(fresh);
            if (!Files.exists(former)) {
                Directories.delete(home.restoring());
            }
        } catch (IOException e) {
            throw new Failure(fresh + " cannot be removed: do it, since it holds opened files.", e);
        }
    }
}
