package dev.postern.tlog.store;

import dev.postern.tlog.tile.Tile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Files in a map, and one operation that fails: before it took effect, or after.
public final class MemoryStorage implements LogStorage {

    private final Map<String, byte[]> files = new TreeMap<>();
    private int untilFailure = Integer.MAX_VALUE;
    private boolean takesEffect;

    /// Lets the operation after `operations` more fail, and every one after that.
    void failAfter(int operations, boolean effect) {
        untilFailure = operations;
        takesEffect = effect;
    }

    boolean failed() {
        return untilFailure < 0;
    }

    public Map<String, byte[]> files() {
        return files;
    }

    public void writeTo(Path directory) throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = directory.resolve(file.getKey());
            Files.createDirectories(path.resolveSibling("."));
            Files.write(path, file.getValue());
        }
    }

    private void perform(Runnable operation) throws IOException {
        boolean fails = untilFailure-- <= 0;
        boolean first = untilFailure == -1;
        if (!fails || (first && takesEffect)) {
            operation.run();
        }
        if (fails) {
            throw new IOException("EIO");
        }
    }

    @Override
    public Optional<byte[]> read(String path) {
        return Optional.ofNullable(files.get(path));
    }

    @Override
    public void create(String path, byte[] content) throws IOException {
        byte[] before = files.get(path);
        if (before != null && !Arrays.equals(before, content)) {
            throw new IOException("conflict at " + path);
        }
        perform(() -> files.put(path, content.clone()));
    }

    @Override
    public void replace(String path, byte[] content) throws IOException {
        perform(() -> files.put(path, content.clone()));
    }

    @Override
    public void deletePartials(Tile full) throws IOException {
        perform(() -> files.keySet().removeIf(path -> path.startsWith(full.partialsPath() + "/")));
    }
}
