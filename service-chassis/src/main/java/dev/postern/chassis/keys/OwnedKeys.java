package dev.postern.chassis.keys;

import dev.postern.chassis.keys.KeySource.Fate;
import dev.postern.chassis.keys.KeySource.Retirement;
import dev.postern.token.DirectoryEntry;
import dev.postern.token.DirectorySnapshot;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The keys of one class that this process owns. The key directory drives them: it says which of them is ACTIVE, and
/// while it lists no spare of ours a new one is made and registered.
///
/// Guarantee: [#active] is a key that the directory lists as ACTIVE for this owner and instance, and nothing while the
/// directory is too old to be believed. A key that the directory lists no more or as COMPROMISED is forgotten here as
/// soon as that directory is applied, and never comes back. Non-guarantee: material that the source hands to others.
///
/// [#active], [#find] are safe for any thread and never block. [#reconcile] belongs to one thread.
public final class OwnedKeys<K> {
    private static final Logger LOG = LoggerFactory.getLogger(OwnedKeys.class);
    private static final Duration RETRY = Duration.ofSeconds(2);

    /// A key and the last that its source was told of it; the fate belongs to the reconciling thread.
    private static final class Held<K> {
        private final K key;
        private @Nullable Fate told;

        Held(K key) {
            this.key = key;
        }
    }

    private record Chosen<K>(long version, K key) {}

    private final KeySource<K> source;
    private final URI owner;
    private final String instance;
    private final Supplier<Optional<DirectorySnapshot>> directory;
    private final KeyRegistration registration;
    private final Clock clock;
    private final Map<String, Held<K>> held = new ConcurrentHashMap<>();
    private volatile @Nullable Chosen<K> chosen;
    /// Compromised, and their source failed when it was told: they are told again until it does what it must.
    private final Map<String, Held<K>> untold = new HashMap<>();
    /// Compromised, and not reported as ended; with the count, once the source has told it: a source tells it once.
    private final Map<String, OptionalInt> ending = new HashMap<>();
    /// Made and offered, not seen in the directory yet.
    private @Nullable String offered;

    private Instant nextOffer = Instant.EPOCH;

    /// @param owner this service
    /// @param instance of this process, or [DirectoryEntry#SHARED]
    public OwnedKeys(
            KeySource<K> source,
            URI owner,
            String instance,
            Supplier<Optional<DirectorySnapshot>> directory,
            KeyRegistration registration,
            Clock clock) {
        this.source = source;
        this.owner = owner;
        this.instance = instance;
        this.directory = directory;
        this.registration = registration;
        this.clock = clock;
    }

    /// The key for what is new; nothing while the directory lists none, or is too old to be believed.
    public Optional<K> active() {
        Optional<DirectorySnapshot> snapshot = directory.get();
        if (snapshot.isEmpty()) {
            return Optional.empty();
        }
        Chosen<K> last = chosen;
        if (last != null && last.version() == snapshot.get().version()) {
            return Optional.of(last.key());
        }
        Optional<K> active = snapshot.get().entries().stream()
                .filter(entry -> isOurs(entry) && entry.state() == DirectoryEntry.State.ACTIVE)
                .map(entry -> held.get(entry.keyId()))
                .filter(Objects::nonNull)
                .map(entry -> entry.key)
                .findFirst();
        active.ifPresent(key -> chosen = new Chosen<>(snapshot.get().version(), key));
        return active;
    }

    /// A key by its id, for what was sealed or signed with it before: one that is held and neither destroyed nor
    /// compromised. It stays when the directory is away: what is already sealed can be opened on what is known.
    public Optional<K> find(String keyId) {
        Held<K> known = held.get(keyId);
        return known == null || isListedCompromised(keyId) ? Optional.empty() : Optional.of(known.key);
    }

    /// The directory may say so before this process has acted on it.
    private boolean isListedCompromised(String keyId) {
        return directory.get().stream()
                .flatMap(snapshot -> snapshot.entries().stream())
                .anyMatch(entry -> entry.keyId().equals(keyId) && entry.state() == DirectoryEntry.State.COMPROMISED);
    }

    /// Brings what is held in line with the directory.
    ///
    /// @return whether a key was registered, that is: whether the directory will change soon
    public boolean reconcile() throws InterruptedException {
        Optional<DirectorySnapshot> snapshot = directory.get();
        if (snapshot.isEmpty()) {
            return false;
        }
        Map<String, Fate> listed = new HashMap<>();
        for (DirectoryEntry entry : snapshot.get().entries()) {
            if (isOurs(entry)) {
                listed.put(entry.keyId(), fate(entry.state()));
            }
        }
        take(listed);
        tellAgain();
        follow(listed);
        boolean spare = listed.entrySet().stream()
                .anyMatch(entry -> entry.getValue() == Fate.PREPARED && held.containsKey(entry.getKey()));
        try {
            // A new key before the count of what ended with the old one, which may take a while.
            return !spare && offer();
        } finally {
            reportEnded();
        }
    }

    private boolean isOurs(DirectoryEntry entry) {
        return entry.keyClass().equals(source.keyClass())
                && entry.owner().equals(owner)
                && entry.instance().equals(instance);
    }

    private static Fate fate(DirectoryEntry.State state) {
        return switch (state) {
            case PREPARED -> Fate.PREPARED;
            case ACTIVE -> Fate.ACTIVE;
            case RETIRING -> Fate.RETIRING;
            case COMPROMISED -> Fate.COMPROMISED;
        };
    }

    /// Keys of ours that others made, or that were made before a restart. A compromised one is not taken: its source is
    /// told, so that no store of it brings the key back.
    private void take(Map<String, Fate> listed) {
        listed.forEach((keyId, fate) -> {
            if (held.containsKey(keyId)) {
                return;
            }
            if (!ends(fate)) {
                source.load(keyId).ifPresent(key -> held.put(keyId, new Held<>(key)));
            } else if (fate == Fate.COMPROMISED) {
                source.load(keyId).ifPresent(key -> {
                    ending.putIfAbsent(keyId, OptionalInt.empty());
                    tell(new Held<>(key), fate);
                });
            }
        });
    }

    private void follow(Map<String, Fate> listed) {
        if (offered != null && listed.containsKey(offered)) {
            offered = null;
        }
        for (Iterator<Map.Entry<String, Held<K>>> all = held.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<String, Held<K>> entry = all.next();
            Fate fate = listed.get(entry.getKey());
            if (fate == null) {
                if (entry.getKey().equals(offered)) {
                    continue;
                }
                fate = Fate.DESTROYED;
            }
            if (ends(fate)) {
                all.remove();
            }
            if (fate == Fate.COMPROMISED) {
                ending.putIfAbsent(entry.getKey(), OptionalInt.empty());
            }
            if (!tell(entry.getValue(), fate) && fate == Fate.COMPROMISED) {
                untold.put(entry.getKey(), entry.getValue());
            }
        }
    }

    private void tellAgain() {
        untold.values().removeIf(key -> {
            key.told = null;
            return tell(key, Fate.COMPROMISED);
        });
    }

    private void reportEnded() throws InterruptedException {
        for (Iterator<Map.Entry<String, OptionalInt>> all = ending.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<String, OptionalInt> entry = all.next();
            String keyId = entry.getKey();
            if (untold.containsKey(keyId)) {
                continue;
            }
            try {
                if (entry.getValue().isEmpty()) {
                    entry.setValue(source.endedWith(keyId));
                }
                if (entry.getValue().isEmpty()) {
                    continue;
                }
                registration.ended(
                        source.keyClass(), keyId, instance, entry.getValue().getAsInt());
                all.remove();
            } catch (KeyNotRegistered refused) {
                if (refused.reason() == KeyNotRegistered.Reason.KEY_ID_TAKEN) {
                    // Nobody waits for it any more.
                    all.remove();
                }
            } catch (RuntimeException e) {
                LOG.error("what ended with the {} key {} cannot be told yet", source.keyClass(), keyId, e);
            }
        }
    }

    private boolean ends(Fate fate) {
        return switch (fate) {
            case PREPARED, ACTIVE -> false;
            case RETIRING -> source.retirement() == Retirement.FORGOTTEN;
            case DESTROYED, COMPROMISED -> true;
        };
    }

    /// @return whether the source took it
    private boolean tell(Held<K> entry, Fate fate) {
        if (entry.told == fate) {
            return true;
        }
        entry.told = fate;
        try {
            source.moved(entry.key, fate);
            return true;
        } catch (RuntimeException e) {
            // A source that fails must not keep the other keys from their fate.
            LOG.error("the owner of {} keys failed at {}", source.keyClass(), fate, e);
            return false;
        }
    }

    private boolean offer() throws InterruptedException {
        Instant now = clock.instant();
        if (now.isBefore(nextOffer) && !now.isBefore(nextOffer.minus(RETRY))) {
            return false;
        }
        nextOffer = now.plus(RETRY);
        Held<K> waiting = offered == null ? null : held.get(offered);
        K key = waiting == null ? source.next() : waiting.key;
        String keyId = source.keyId(key);
        offered = keyId;
        held.putIfAbsent(keyId, new Held<>(key));
        try {
            registration.register(source.keyClass(), keyId, instance, source.publicJwk(key));
            return true;
        } catch (KeyNotRegistered refused) {
            if (refused.reason() == KeyNotRegistered.Reason.KEY_ID_TAKEN) {
                // For example taken, retired and destroyed while this process slept: the next offer is a new key.
                held.remove(keyId);
                offered = null;
                var _ = tell(new Held<>(key), Fate.DESTROYED);
            }
            return false;
        }
    }

    @Override
    public String toString() {
        return "OwnedKeys[" + source.keyClass() + ", " + held.keySet() + "]";
    }
}
