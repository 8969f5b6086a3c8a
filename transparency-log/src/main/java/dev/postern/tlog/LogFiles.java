package dev.postern.tlog;

import dev.postern.tlog.store.LogReader;
import dev.postern.tlog.tile.EntryBundle;
import dev.postern.tlog.tile.Tile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// The files of a log directory that a writer may be working on, and that nobody vouches for.
///
/// @param log  the directory
public record LogFiles(Path log) implements LogReader {

    /// The largest bundle there can be. Of a longer file only the beginning is read, which then is not what it should
    /// be.
    private static final int LONGEST = Tile.FULL * (Short.BYTES + EntryBundle.MAX_ENTRY) + 1;

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        try (InputStream in = Files.newInputStream(log.resolve(path))) {
            return Optional.of(in.readNBytes(LONGEST));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }
}
