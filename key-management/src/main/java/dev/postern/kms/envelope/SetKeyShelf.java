package dev.postern.kms.envelope;

import dev.postern.kms.WrappedSets;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// A shelf that is a wrapped set: replaced whole and durably, by who saw the last one. So replicas share it where they
/// share their wrapped sets, as in a Vault; in files it is for one process.
///
/// Form: `postern-keys-1\n`, then for each key one byte of use, four of generation, eight of milliseconds since 1970,
/// four of length, the wrapped key.
public final class SetKeyShelf implements KeyShelf {
    private static final byte[] MAGIC = {'p', 'o', 's', 't', 'e', 'r', 'n', '-', 'k', 'e', 'y', 's', '-', '1', '\n'};
    private static final int ENTRY_HEADER = Byte.BYTES + Integer.BYTES + Long.BYTES + Integer.BYTES;
    private static final int LONGEST_WRAPPED = 4_096;
    private static final int TRIES = 10;

    private final WrappedSets sets;
    private final String name;

    public SetKeyShelf(WrappedSets sets, String name) {
        this.sets = sets;
        this.name = name;
    }

    @Override
    public List<WrappedKey> read() {
        return parsed(sets.read(name));
    }

    @Override
    public boolean add(WrappedKey key) {
        return change(keys -> {
            if (keys.stream().anyMatch(other -> same(other, key.use(), key.generation()))) {
                return Optional.empty();
            }
            List<WrappedKey> more = new ArrayList<>(keys);
            more.add(key);
            return Optional.of(more);
        });
    }

    @Override
    public boolean replace(WrappedKey seen, byte[] wrapped) {
        WrappedKey anew = new WrappedKey(seen.use(), seen.generation(), seen.madeAt(), wrapped);
        return change(keys -> keys.stream().noneMatch(seen::isSame)
                ? Optional.empty()
                : Optional.of(keys.stream()
                        .map(other -> seen.isSame(other) ? anew : other)
                        .toList()));
    }

    @Override
    public void withdraw(WrappedKey added) {
        var _ = change(keys -> without(keys, added::isSame));
    }

    @Override
    public void destroy(KeyUse use, int generation) {
        var _ = change(keys -> without(keys, other -> same(other, use, generation)));
    }

    private static Optional<List<WrappedKey>> without(List<WrappedKey> keys, Predicate<WrappedKey> gone) {
        return keys.stream().noneMatch(gone)
                ? Optional.empty()
                : Optional.of(keys.stream().filter(gone.negate()).toList());
    }

    private static boolean same(WrappedKey key, KeyUse use, int generation) {
        return key.use() == use && key.generation() == generation;
    }

    /// @param change the keys as they shall be; nothing to leave them
    /// @return whether they were changed
    private boolean change(Function<List<WrappedKey>, Optional<List<WrappedKey>>> change) {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            Optional<byte[]> seen = sets.read(name);
            Optional<List<WrappedKey>> changed = change.apply(parsed(seen));
            if (changed.isEmpty()) {
                return false;
            }
            if (sets.replace(name, seen.orElse(null), encoded(changed.get()))) {
                return true;
            }
        }
        throw new IllegalStateException("others change the keys in " + sets.placeOf(name) + " without end");
    }

    private static byte[] encoded(List<WrappedKey> keys) {
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
        return content.array();
    }

    private List<WrappedKey> parsed(Optional<byte[]> set) {
        if (set.isEmpty()) {
            return List.of();
        }
        return parse(set.get())
                .orElseThrow(() -> new IllegalStateException(
                        "The key set in " + sets.placeOf(name) + " is damaged: restore it from a backup."));
    }

    /// Reads the form alone.
    ///
    /// @return nothing if it has another form
    public static Optional<List<WrappedKey>> parse(byte[] set) {
        ByteBuffer content = ByteBuffer.wrap(set);
        byte[] magic = new byte[Math.min(MAGIC.length, content.remaining())];
        content.get(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            return Optional.empty();
        }
        List<WrappedKey> keys = new ArrayList<>();
        while (content.hasRemaining()) {
            Optional<WrappedKey> key = entry(content);
            if (key.isEmpty()) {
                return Optional.empty();
            }
            keys.add(key.get());
        }
        return Optional.of(keys);
    }

    private static Optional<WrappedKey> entry(ByteBuffer content) {
        if (content.remaining() < ENTRY_HEADER) {
            return Optional.empty();
        }
        Optional<KeyUse> use = KeyUse.ofCode(content.get());
        int generation = content.getInt();
        Instant madeAt = Instant.ofEpochMilli(content.getLong());
        int length = content.getInt();
        if (use.isEmpty() || generation < 1 || length < 0 || length > LONGEST_WRAPPED || length > content.remaining()) {
            return Optional.empty();
        }
        byte[] wrapped = new byte[length];
        content.get(wrapped);
        return Optional.of(new WrappedKey(use.get(), generation, madeAt, wrapped));
    }
}
