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
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/// The data keys of one store, unwrapped once and held in memory: sealing and opening ask key management for nothing.
///
/// Guarantees: a key is on the shelf before it seals anything; replicas that share the shelf and key management share
/// the keys, also when they start at the same moment; what an older generation sealed opens until that generation is
/// destroyed. A key lies on the shelf under the newest version of its wrapping key before it is unwrapped here,
/// and is held only if it is there still afterwards ([ShelvedKeys]). So whoever destroys older versions after a look
/// that found nothing under them destroys none of these keys, and nobody holds one that its maker took back, however
/// long anybody stalled.
///
/// Not guaranteed: that another replica seals under a new generation before it has met it. But a ring that was not
/// refreshed for [#SEALS_FOR] seals nothing, so a generation that was succeeded that long ago seals no more anywhere.
/// Nor that a process which dies between adding a key and looking at it takes it back: if what wrapped it is
/// destroyed before anybody else meets it, no ring opens or is refreshed until that key is off the shelf.
///
/// Safe for any thread: readers see a snapshot, one writer at a time makes the next.
public final class KeyRing {
    /// How long a ring seals on what it knows. Whoever destroys a generation waits longer after it was succeeded.
    public static final Duration SEALS_FOR = Duration.ofMinutes(30);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
    private static final int FIRST = 1;

    private final KeyName store;
    private final KeyShelf shelf;
    private final ShelvedKeys shelved;
    private final SecureRandom random;
    private final Clock clock;
    private volatile Map<KeyUse, NavigableMap<Integer, DataKey>> keys = Map.of();
    private volatile Instant refreshed = Instant.MIN;
    private volatile Instant failed = Instant.MIN;

    private KeyRing(KeyManagement kms, KeyName store, KeyShelf shelf, SecureRandom random, Clock clock) {
        this.store = store;
        this.shelf = shelf;
        this.shelved = new ShelvedKeys(kms, store, shelf);
        this.random = random;
        this.clock = clock;
    }

    /// Every key on the shelf, the newest generations among them; on an empty one, new keys. A key that its maker is
    /// about to take back is waited for, a few looks long.
    ///
    /// @param store names the key that wraps this store's data keys
    /// @throws KeyManagementException if a key does not unwrap: the shelf is of another store, was
    /// altered, or key management is another one. Nothing is made anew then
    public static KeyRing open(KeyManagement kms, KeyName store, KeyShelf shelf, SecureRandom random, Clock clock) {
        KeyRing ring = new KeyRing(kms, store, shelf, random, clock);
        for (int attempt = 1; attempt <= ShelvedKeys.TRIES; attempt++) {
            try {
                if (ring.begin()) {
                    return ring;
                }
            } catch (KeyManagementException e) {
                if (!ShelvedKeys.isLost(e) || attempt == ShelvedKeys.TRIES) {
                    throw e;
                }
            }
        }
        throw new IllegalStateException(
                "others make the first data keys of " + store.value() + " and take them back without end");
    }

    /// Whether there is a key of each use now; another replica may have been first, and have taken its own back.
    private boolean begin() {
        refresh();
        for (KeyUse use : KeyUse.values()) {
            if (held(use).isEmpty()) {
                make(use, FIRST);
            }
        }
        return Arrays.stream(KeyUse.values()).noneMatch(use -> held(use).isEmpty());
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
        for (int attempt = 0; attempt < ShelvedKeys.TRIES; attempt++) {
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
        return Arrays.stream(KeyUse.values()).mapToInt(shelved::rewrap).sum();
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
                return shelved.rewrap(use);
            }
        };
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

    /// @throws KeyManagementException if the ring was not refreshed for too long, and cannot be just now
    DataKey sealing(KeyUse use) {
        if (isStale()) {
            try {
                refreshWhile(this::isStale);
            } catch (RuntimeException e) {
                throw new KeyManagementException(
                        KeyManagementException.Reason.UNAVAILABLE,
                        "The data keys of " + store.value() + " could not be looked at for " + SEALS_FOR.toMinutes()
                                + " minutes: nothing is sealed until they are.",
                        e);
            }
        }
        return held(use).lastEntry().getValue();
    }

    /// Whether it was not refreshed for [#SEALS_FOR]: then nothing is sealed unless it can be just then.
    public boolean isStale() {
        return refreshed.plus(SEALS_FOR).isBefore(clock.instant());
    }

    /// @throws KeyManagementException if another replica made the generation and it cannot be met just now
    DataKey opening(KeyUse use, int generation) throws NotOpened {
        DataKey key = held(use).get(generation);
        if (key == null && generation > active(use)) {
            // Another replica has rotated since; a number nobody gave out costs one read of the shelf.
            refreshWhile(() -> !held(use).containsKey(generation));
            key = held(use).get(generation);
        }
        if (key == null) {
            throw new NotOpened(Reason.UNKNOWN_KEY);
        }
        return key;
    }

    /// One at a time, and none for some seconds after a failure: requests are behind this.
    private void refreshWhile(BooleanSupplier lacking) {
        requireNoFailure();
        synchronized (this) {
            if (lacking.getAsBoolean()) {
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
                    "The data keys of " + store.value() + " could not be read just now.");
        }
    }

    NavigableMap<Integer, DataKey> held(KeyUse use) {
        return keys.getOrDefault(use, new TreeMap<>());
    }

    /// Whether this call made it; another replica may have been first, and then that one's counts.
    private boolean make(KeyUse use, int generation) {
        byte[] material = new byte[DataKey.BYTES];
        random.nextBytes(material);
        WrappedKey made =
                shelved.wrapped(use, new DataKey(generation, clock.instant().truncatedTo(ChronoUnit.MILLIS), material));
        Arrays.fill(material, (byte) 0);
        boolean added = shelf.add(made);
        try {
            refresh();
        } catch (KeyManagementException e) {
            if (added) {
                shelved.withdrawIfLost(made);
            }
            throw e;
        }
        return added;
    }

    /// Meets what other replicas did: holds what is on the shelf and not held yet. A generation that another one
    /// destroyed stays until it is destroyed here too, so that what was sealed here last is sealed anew before.
    public synchronized void refresh() {
        Instant began = clock.instant();
        try {
            Map<KeyUse, NavigableMap<Integer, DataKey>> next = held();
            shelved.meet(key -> !held(key.use()).containsKey(key.generation()))
                    .forEach(met -> next.computeIfAbsent(met.shelved().use(), _ -> new TreeMap<>())
                            .put(met.key().generation(), met.key()));
            keys = next;
            refreshed = began;
            failed = Instant.MIN;
        } catch (RuntimeException e) {
            failed = clock.instant();
            throw e;
        }
    }

    private Map<KeyUse, NavigableMap<Integer, DataKey>> held() {
        Map<KeyUse, NavigableMap<Integer, DataKey>> copy = new EnumMap<>(KeyUse.class);
        keys.forEach((use, generations) -> copy.put(use, new TreeMap<>(generations)));
        return copy;
    }

    @Override
    public String toString() {
        return "KeyRing[" + store.value() + "]";
    }
}
