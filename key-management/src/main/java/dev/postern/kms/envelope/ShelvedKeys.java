package dev.postern.kms.envelope;

import dev.postern.kms.KeyManagement;
import dev.postern.kms.KeyManagementException;
import dev.postern.kms.KeyManagementException.Reason;
import dev.postern.kms.KeyName;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The data keys on the shelf of one store, as key management wraps and unwraps them.
///
/// Guarantee: what [#meet] returns stays on the shelf, as long as older versions of the wrapping key are destroyed only
/// after a look ([#rewrap]) that found nothing under them. For it lay there under the newest version before it was
/// unwrapped, and in the same wrapping afterwards: whoever makes the next version finds it there and moves it, and
/// whoever added it takes it back ([#withdrawIfLost]) only in the wrapping that it had then, which cannot be unwrapped
/// before that look.
///
/// Safe for any thread.
final class ShelvedKeys {
    /// How often others may be first.
    static final int TRIES = 5;

    private final KeyManagement kms;
    private final KeyName store;
    private final KeyShelf shelf;

    /// A key, and what it was unwrapped from.
    record Met(WrappedKey shelved, DataKey key) {}

    ShelvedKeys(KeyManagement kms, KeyName store, KeyShelf shelf) {
        this.kms = kms;
        this.store = store;
        this.shelf = shelf;
    }

    /// Every key of the shelf that is lacking.
    ///
    /// @throws KeyManagementException if one is there and does not unwrap
    List<Met> meet(Predicate<WrappedKey> lacking) {
        List<Met> met = List.of();
        for (int attempt = 0; attempt <= TRIES; attempt++) {
            List<WrappedKey> there = shelf.read().stream().filter(lacking).toList();
            List<Met> still =
                    met.stream().filter(it -> isAmong(there, it.shelved())).toList();
            if (still.size() == there.size()) {
                return still;
            }
            met = there.stream().flatMap(key -> met(key, still).stream()).toList();
        }
        throw new IllegalStateException("others change the data keys of " + store.value() + " without end");
    }

    private Optional<Met> met(WrappedKey key, List<Met> already) {
        return already.stream()
                .filter(it -> it.shelved().isSame(key))
                .findFirst()
                .or(() -> met(key));
    }

    /// Moves first and unwraps then. Empty if somebody else moved it meanwhile, or took it away.
    private Optional<Met> met(WrappedKey seen) {
        try {
            Optional<byte[]> renewed = renewed(seen);
            if (renewed.isEmpty()) {
                return Optional.of(new Met(seen, unwrapped(seen)));
            }
            if (!shelf.replace(seen, renewed.get())) {
                return Optional.empty();
            }
            WrappedKey moved = new WrappedKey(seen.use(), seen.generation(), seen.madeAt(), renewed.get());
            return Optional.of(new Met(moved, unwrapped(moved)));
        } catch (KeyManagementException e) {
            if (isLost(e) && !isAmong(shelf.read(), seen)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /// Moves the keys of one use to the newest version of their wrapping key; returns how many were moved.
    int rewrap(KeyUse use) {
        int moved = 0;
        for (int attempt = 0; attempt < TRIES; attempt++) {
            boolean outrun = false;
            for (WrappedKey key : shelf.read()) {
                if (key.use() != use) {
                    continue;
                }
                Optional<byte[]> renewed = renewed(key);
                if (renewed.isPresent()) {
                    // Whoever was first may have moved it to a version that is not the newest any more.
                    boolean replaced = shelf.replace(key, renewed.get());
                    moved += replaced ? 1 : 0;
                    outrun |= !replaced;
                }
            }
            if (!outrun) {
                return moved;
            }
        }
        throw new IllegalStateException("others move the data keys of " + store.value() + " without end");
    }

    /// The version that wrapped a key may have been destroyed before anybody met the key. Nobody holds it then, and on
    /// the shelf it would keep every replica from its next start. Where somebody met it before, it was moved, and
    /// stays.
    void withdrawIfLost(WrappedKey added) {
        try {
            var _ = unwrapped(added);
        } catch (KeyManagementException e) {
            if (isLost(e)) {
                shelf.withdraw(added);
            }
        }
    }

    WrappedKey wrapped(KeyUse use, DataKey key) {
        byte[] material = key.material();
        WrappedKey wrapped = new WrappedKey(
                use,
                key.generation(),
                key.madeAt(),
                kms.wrap(use.wrapping(store), material, context(use, key.generation())));
        Arrays.fill(material, (byte) 0);
        return wrapped;
    }

    /// Whether it will never be unwrapped: it was altered, or what wrapped it was destroyed.
    static boolean isLost(KeyManagementException e) {
        return e.reason() == Reason.NOT_AUTHENTIC || e.reason() == Reason.DESTROYED_VERSION;
    }

    private Optional<byte[]> renewed(WrappedKey key) {
        return kms.renewed(key.use().wrapping(store), key.wrapped(), context(key.use(), key.generation()));
    }

    private DataKey unwrapped(WrappedKey wrapped) {
        byte[] material = kms.unwrap(
                wrapped.use().wrapping(store), wrapped.wrapped(), context(wrapped.use(), wrapped.generation()));
        DataKey key = new DataKey(wrapped.generation(), wrapped.madeAt(), material);
        Arrays.fill(material, (byte) 0);
        return key;
    }

    private static boolean isAmong(List<WrappedKey> keys, WrappedKey key) {
        return keys.stream().anyMatch(key::isSame);
    }

    private byte[] context(KeyUse use, int generation) {
        return Place.joined("postern data key 1", store.value(), use.name(), Integer.toString(generation));
    }
}
