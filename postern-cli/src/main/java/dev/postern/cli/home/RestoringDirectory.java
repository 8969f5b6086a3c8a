package dev.postern.cli.home;

import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// `restoring/` in a platform's home: what a backup is opened into, and what was there before while they change places.
/// It is there only while a backup is being restored, or after that was interrupted; one process holds it at a time.
public final class RestoringDirectory implements AutoCloseable {
    private final PosternHome home;
    private final FileChannel lock;

    private RestoringDirectory(PosternHome home, FileChannel lock) {
        this.home = home;
        this.lock = lock;
    }

    /// Holds it, and makes it where it is not there.
    ///
    /// @throws Failure if another process does
    public static RestoringDirectory hold(PosternHome home) throws IOException {
        PrivateFiles.directory(home.restoring());
        FileChannel lock =
                FileChannel.open(home.restoring().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (lock.tryLock() != null) {
                return new RestoringDirectory(home, lock);
            }
        } catch (OverlappingFileLockException _) {
            // Below.
        }
        lock.close();
        throw new Failure(ExitCode.CONFLICT, "A backup is being restored in " + home.root() + ".");
    }

    /// Whether a restore ended amid its moves: what was there before lies in [#former] then, or some of it.
    public boolean isUnfinished() {
        return Files.exists(former());
    }

    public Path fresh() {
        return home.restoring().resolve("fresh");
    }

    public Path former() {
        return home.restoring().resolve("former");
    }

    /// Removes all of it.
    public void remove() throws IOException {
        Directories.delete(home.restoring());
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
