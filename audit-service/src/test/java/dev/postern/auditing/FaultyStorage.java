package dev.postern.auditing;

import dev.postern.tlog.store.LogStorage;
import dev.postern.tlog.tile.Tile;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// A log's storage whose writes fail when they are told to.
///
/// @param now  asked at each write: whether this one fails
/// @param done whether it was done all the same
public record FaultyStorage(LogStorage storage, BooleanSupplier now, boolean done) implements LogStorage {
    private interface Write {
        void run() throws IOException;
    }

    private void maybe(Write write) throws IOException {
        boolean fails = now.getAsBoolean();
        if (!fails || done) {
            write.run();
        }
        if (fails) {
            throw new IOException("EIO");
        }
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        return storage.read(path);
    }

    @Override
    public void create(String path, byte[] content) throws IOException {
        maybe(() -> storage.create(path, content));
    }

    @Override
    public void replace(String path, byte[] content) throws IOException {
        maybe(() -> storage.replace(path, content));
    }

    @Override
    public void deletePartials(Tile full) throws IOException {
        maybe(() -> storage.deletePartials(full));
    }
}
