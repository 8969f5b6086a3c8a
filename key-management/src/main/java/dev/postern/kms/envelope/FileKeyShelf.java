package dev.postern.kms.envelope;

import dev.postern.kms.DurableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A shelf in a file, replaced whole and durably: for a store that one process owns.
///
/// Form: `postern-keys-1\n`, then for each key one byte of use, four of generation, eight of milliseconds since 1970,
/// four of length, the wrapped key.
public final class FileKeyShelf implements KeyShelf {
    private static final byte[] MAGIC = {'p', 'o', 's', 't', 'e', 'r', 'n', '-', 'k', 'e', 'y', 's', '-', '1', '\n'};
    private static final int ENTRY_HEADER = Byte.BYTES + Integer.BYTES + Long.BYTES + Integer.BYTES;
    private static final int LONGEST_WRAPPED = 4_096;

    private final DurableFile file;

    public FileKeyShelf(Path file) {
        this.file = new DurableFile(file, DurableFile.Audience.OWNER);
    }

    @Override
    public synchronized List<WrappedKey> read() {
        if (!Files.exists(file.path())) {
            return List.of();
        }
        try {
            return parse(ByteBuffer.wrap(Files.readAllBytes(file.path())));
        } catch (IOException e) {
            throw new UncheckedIOException("The key file " + file.path() + " cannot be read.", e);
        }
    }

    @Override
    public synchronized boolean add(WrappedKey key) {
        List<WrappedKey> keys = new ArrayList<>(read());
        if (keys.stream().anyMatch(other -> same(other, key.use(), key.generation()))) {
            return false;
        }
        keys.add(key);
        write(keys);
        return true;
    }

    @Override
    public synchronized boolean replace(WrappedKey seen, byte[] wrapped) {
        List<WrappedKey> keys = read();
        if (keys.stream().noneMatch(seen::isSame)) {
            return false;
        }
        WrappedKey anew = new WrappedKey(seen.use(), seen.generation(), seen.madeAt(), wrapped);
        write(keys.stream().map(other -> seen.isSame(other) ? anew : other).toList());
        return true;
    }

    @Override
    public synchronized void withdraw(WrappedKey added) {
        write(read().stream().filter(other -> !added.isSame(other)).toList());
    }

    @Override
    public synchronized void destroy(KeyUse use, int generation) {
        write(read().stream().filter(other -> !same(other, use, generation)).toList());
    }

    private static boolean same(WrappedKey key, KeyUse use, int generation) {
        return key.use() == use && key.generation() == generation;
    }

    private void write(List<WrappedKey> keys) {
        int length = keys.stream()
                .mapToInt(key -> ENTRY_HEADER + key.wrapped().length)
                .sum();
        ByteBuffer content = ByteBuffer.allocate(MAGIC.length + length).put(MAGIC);
        for (WrappedKey key : keys) {
            content.put((byte) key.use().code())
                    .putInt(key.generation())
                    .putLong(key.madeAt().toEpochMilli())
                    .putInt(key.wrapped().length)
                    .put(key.wrapped());
        }
        try {
            file.replace(content.array());
        } catch (IOException e) {
            throw new UncheckedIOException("The key file " + file.path() + " cannot be written.", e);
        }
    }

    private List<WrappedKey> parse(ByteBuffer content) {
        byte[] magic = new byte[Math.min(MAGIC.length, content.remaining())];
        content.get(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw damaged();
        }
        List<WrappedKey> keys = new ArrayList<>();
        while (content.hasRemaining()) {
            keys.add(entry(content));
        }
        return keys;
    }

    private WrappedKey entry(ByteBuffer content) {
        if (content.remaining() < ENTRY_HEADER) {
            throw damaged();
        }
        KeyUse use = KeyUse.ofCode(content.get()).orElseThrow(this::damaged);
        int generation = content.getInt();
        Instant madeAt = Instant.ofEpochMilli(content.getLong());
        int length = content.getInt();
        if (generation < 1 || length < 0 || length > LONGEST_WRAPPED || length > content.remaining()) {
            throw damaged();
        }
        byte[] wrapped = new byte[length];
        content.get(wrapped);
        return new WrappedKey(use, generation, madeAt, wrapped);
    }

    private IllegalStateException damaged() {
        return new IllegalStateException("The key file " + file.path() + " is damaged: restore it from a backup.");
    }
}
