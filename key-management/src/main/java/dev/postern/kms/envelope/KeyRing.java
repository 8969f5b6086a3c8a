package dev.postern.kms.envelope;

import dev.postern.kms.KeyManagement;
import dev.postern.kms.KeyManagementException;
import dev.postern.kms.KeyName;
import dev.postern.kms.Wrapped;
import dev.postern.kms.envelope.NotOpened.Reason;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The data keys of one store, unwrapped once and held in memory: sealing and opening ask key management for nothing.
///
/// Guarantees: a key is on the shelf before it seals anything; replicas that share the shelf and key management share
/// the keys, also when they start at the same moment; what an older generation sealed opens until that generation is
/// destroyed. Not guaranteed: that another replica seals under a new generation before it has met it. But a ring that
/// was not refreshed for [#SEALS_FOR] seals nothing, so a generation that was succeeded that long ago seals no more
/// anywhere.
///
/// Safe for any thread: readers see a snapshot, one writer at a time makes the next.
public final class KeyRing {
    /// How long a ring seals on what it knows. Whoever destroys a generation waits longer after it was succeeded.
    public static final Duration SEALS_FOR = Duration.ofMinutes(30);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
    private static final int FIRST = 1;
    private static final int TRIES = 5;

    private final KeyManagement kms;
    private final KeyName store;
    private final KeyShelf shelf;
    private final SecureRandom random;
    private final Clock clock;
    private volatile Map<KeyUse, NavigableMap<Integer, DataKey>> keys = Map.of();
    private volatile Instant refreshed = Instant.MIN;
    private volatile Instant failed = Instant.MIN;

    private KeyRing(KeyManagement kms, KeyName store, KeyShelf shelf, SecureRandom random, Clock clock) {
        this.kms = kms;
        this.store = store;
        this.shelf = shelf;
        this.random = random;
        this.clock = clock;
    }

    /// The keys on the shelf; on an empty one, new keys.
    ///
    /// @param store names the key that wraps this store's data keys
    /// @throws KeyManagementException if a key does not unwrap: the shelf is of another store, was
    /// altered, or key management is another one. Nothing is made anew then
    public static KeyRing open(KeyManagement kms, KeyName store, KeyShelf shelf, SecureRandom random, Clock clock) {
        KeyRing ring = new KeyRing(kms, store, shelf, random, clock);
        ring.refresh();
        for (KeyUse use : KeyUse.values()) {
            if (ring.held(use).isEmpty()) {
                ring.make(use, FIRST);
            }
        }
        return ring;
    }

    /// The generation that seals.
    public int active(KeyUse use) {
        return held(use).lastKey();
    }

    /// When the generation that seals was made.
    public Instant madeAt(KeyUse use) {
        return held(use).lastEntry().getValue().madeAt();
    }

    /// The generations that open, the oldest first.
    public SortedSet<Integer> generations(KeyUse use) {
        return new TreeSet<>(held(use).keySet());
    }

    /// Makes generations until one of this number, or a higher one, seals; others that do the same make none too many.
    public void advanceTo(KeyUse use, int generation) {
        while (active(use) < generation) {
            make(use, active(use) + 1);
        }
    }

    /// Makes the next generation and seals under it from now on. What older ones sealed still opens.
    public int rotate(KeyUse use) {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            int next = active(use) + 1;
            if (make(use, next)) {
                return next;
            }
        }
        throw new IllegalStateException("others rotate the data keys of " + store.value() + " without end");
    }

    /// Moves every wrapped key to the newest version of its wrapping key, so that older versions are needed no more.
    ///
    /// @return how many were moved
    public int rewrap() {
        return Arrays.stream(KeyUse.values()).mapToInt(this::rewrap).sum();
    }

    /// The keys of one use, for whoever rotates the key that wraps them.
    public Wrapped wrapped(KeyUse use) {
        return new Wrapped() {
            @Override
            public KeyName wrapping() {
                return use.wrapping(store);
            }

            @Override
            public int renew() {
                return rewrap(use);
            }
        };
    }

    private int rewrap(KeyUse use) {
        int moved = 0;
        for (WrappedKey key : shelf.read()) {
            if (key.use() != use) {
                continue;
            }
            Optional<byte[]> renewed = kms.renewed(use.wrapping(store), key.wrapped(), context(use, key.generation()));
            if (renewed.isPresent()) {
                shelf.replace(new WrappedKey(use, key.generation(), key.madeAt(), renewed.get()));
                moved++;
            }
        }
        return moved;
    }

    /// Destroys a generation that no longer seals: what it alone could open is gone.
    public synchronized void destroy(KeyUse use, int generation) {
        if (generation == active(use)) {
            throw new IllegalArgumentException("the generation that seals is not destroyed: rotate first");
        }
        shelf.destroy(use, generation);
        Map<KeyUse, NavigableMap<Integer, DataKey>> left = held();
        left.getOrDefault(use, new TreeMap<>()).remove(generation);
        keys = left;
        refresh();
    }

    /// @throws KeyManagementException if the ring was not refreshed for too long
    DataKey sealing(KeyUse use) {
        if (refreshed.plus(SEALS_FOR).isBefore(clock.instant())) {
            throw new KeyManagementException(
                    KeyManagementException.Reason.UNAVAILABLE,
                    "The data keys of " + store.value() + " could not be looked at for " + SEALS_FOR.toMinutes()
                            + " minutes: nothing is sealed until they are.");
        }
        return held(use).lastEntry().getValue();
    }

    /// @throws KeyManagementException if another replica made the generation and it cannot be met just now
    DataKey opening(KeyUse use, int generation) throws NotOpened {
        DataKey key = held(use).get(generation);
        if (key == null && generation > active(use)) {
            // Another replica has rotated since; a number nobody gave out costs one read of the shelf.
            meet(use, generation);
            key = held(use).get(generation);
        }
        if (key == null) {
            throw new NotOpened(Reason.UNKNOWN_KEY);
        }
        return key;
    }

    /// One at a time, and none for some seconds after a failure: requests are behind this.
    private void meet(KeyUse use, int generation) {
        requireNoFailure();
        synchronized (this) {
            if (!held(use).containsKey(generation)) {
                requireNoFailure();
                refresh();
            }
        }
    }

    private void requireNoFailure() {
        Instant now = clock.instant();
        if (now.isBefore(failed.plus(AFTER_FAILURE)) && !now.isBefore(failed)) {
            throw new KeyManagementException(
                    KeyManagementException.Reason.UNAVAILABLE,
                    "A new data key of " + store.value() + " could not be read just now.");
        }
    }

    NavigableMap<Integer, DataKey> held(KeyUse use) {
        return keys.getOrDefault(use, new TreeMap<>());
    }

    /// Whether this call made it; another replica may have been first, and then that one's counts.
    private boolean make(KeyUse use, int generation) {
        byte[] material = new byte[DataKey.BYTES];
        random.nextBytes(material);
        boolean added = shelf.add(
                wrapped(use, new DataKey(generation, clock.instant().truncatedTo(ChronoUnit.MILLIS), material)));
        Arrays.fill(material, (byte) 0);
        refresh();
        return added;
    }

    private WrappedKey wrapped(KeyUse use, DataKey key) {
        byte[] material = key.material();
        WrappedKey wrapped = new WrappedKey(
                use,
                key.generation(),
                key.madeAt(),
                kms.wrap(use.wrapping(store), material, context(use, key.generation())));
        Arrays.fill(material, (byte) 0);
        return wrapped;
    }

    /// Meets what other replicas did: reads the shelf and unwraps what is not held yet. A generation that another one
    /// destroyed stays until it is destroyed here too, so that what was sealed here last is sealed anew before.
    public synchronized void refresh() {
        Instant began = clock.instant();
        try {
            keys = read();
            refreshed = began;
            failed = Instant.MIN;
        } catch (RuntimeException e) {
            failed = clock.instant();
            throw e;
        }
    }

    private Map<KeyUse, NavigableMap<Integer, DataKey>> read() {
        Map<KeyUse, NavigableMap<Integer, DataKey>> next = held();
        for (WrappedKey wrapped : shelf.read().stream()
                .sorted(Comparator.comparingInt(WrappedKey::generation))
                .toList()) {
            DataKey known = held(wrapped.use()).get(wrapped.generation());
            next.computeIfAbsent(wrapped.use(), _ -> new TreeMap<>())
                    .put(wrapped.generation(), known == null ? unwrapped(wrapped) : known);
        }
        return next;
    }

    private Map<KeyUse, NavigableMap<Integer, DataKey>> held() {
        Map<KeyUse, NavigableMap<Integer, DataKey>> copy = new EnumMap<>(KeyUse.class);
        keys.forEach((use, generations) -> copy.put(use, new TreeMap<>(generations)));
        return copy;
    }

    private DataKey unwrapped(WrappedKey wrapped) {
        byte[] material = kms.unwrap(
                wrapped.use().wrapping(store), wrapped.wrapped(), context(wrapped.use(), wrapped.generation()));
        DataKey key = new DataKey(wrapped.generation(), wrapped.madeAt(), material);
        Arrays.fill(material, (byte) 0);
        return key;
    }

    private byte[] context(KeyUse use, int generation) {
        return Place.joined("postern data key 1", store.value(), use.name(), Integer.toString(generation));
    }

    @Override
    public String toString() {
        return "KeyRing[" + store.value() + "]";
    }
}
