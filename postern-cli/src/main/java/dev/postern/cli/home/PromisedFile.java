package dev.postern.cli.home;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/// A file that is written once, in the end: it is made empty before, so that the place is taken and known to be good,
/// and goes again when it is not written, also when the process is ended from outside. Safe for use by many threads.
public final class PromisedFile implements AutoCloseable {
    private final Path file;
    private final Thread hook = Thread.ofPlatform().unstarted(this::withdraw);
    private boolean written;

    private PromisedFile(Path file) {
        this.file = file;
    }

    /// Takes the place.
    ///
    /// @return nothing when there is a file already, which is left as it is
    /// @throws UncheckedIOException when no file can be made there
    public static Optional<PromisedFile> make(Path file) {
        PromisedFile promised = new PromisedFile(file);
        if (!PrivateFiles.create(file)) {
            return Optional.empty();
        }
        Runtime.getRuntime().addShutdownHook(promised.hook);
        return Optional.of(promised);
    }

    /// As [PrivateFiles#write]; whoever ends the process meanwhile waits for it.
    public synchronized void write(String content) {
        PrivateFiles.write(file, content);
        written = true;
    }

    private synchronized void withdraw() {
        if (!written) {
            PrivateFiles.delete(file);
        }
    }

    @Override
    public void close() {
        withdraw();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The process is ending, and the hook finds nothing to do.
        }
    }
}
