package dev.postern.auditing.epoch;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.postern.audit.root.RootState;
import dev.postern.auditing.shard.ShardFiles;
import dev.postern.kms.KeyManagement;
import dev.postern.kms.KeyManagementException;
import dev.postern.kms.KeyManagementException.Reason;
import dev.postern.kms.KeyName;
import dev.postern.kms.Wrapped;
import dev.postern.kms.WrappedSets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The keys of every epoch: born here a day ahead, kept wrapped by the key management, unwrapped once.
///
/// Guarantees: a key is kept before it seals anything; no event waits for the key management, which may be a network
/// away: while it does not give a day's keys, events are sealed under those of the day before. An epoch that was
/// destroyed leaves a mark in place of its keys, so it is never taken for one that was lost, nor made again.
/// Events are sealed under the keys of their day, until those are denied ([#deny]): then under those of the next one,
/// for the rest of that day too. Either way no further from their day than [RootState#SEALING_DRIFT_DAYS], which is how
/// far a legal hold reaches. Failure direction beyond that: closed, nothing is sealed.
///
/// Not guaranteed: that distance, after a clock that ran further ahead was set back. Epochs never go back, so that each
/// is one stretch of the log.
///
/// Not guaranteed: that no copy of a destroyed epoch's wrapped keys is left in a backup; destroy the wrapping
/// version as well ([KeyManagement#destroyBefore]) to make those worthless.
public final class EpochKeys implements Wrapped {
    private static final System.Logger LOG = System.getLogger(EpochKeys.class.getName());
    private static final KeyName WRAPPING = KeyName.wrapping("audit-epoch");
    private static final JsonMapper JSON = JsonMapper.shared();

    /// @param key until it is destroyed
    /// @param destroyed when it was
    /// @param denied when somebody else was said to hold it: it seals nothing any more
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Kept(
            @Nullable String key,
            @Nullable Instant destroyed,
            @Nullable Instant denied) {
        @Override
        public String toString() {
            return "Kept[hidden]";
        }
    }

    private final KeyManagement kms;
    private final WrappedSets sets;
    private final ShardFiles files;
    private final Clock clock;
    private final SecureRandom random;
    private final NavigableMap<Epoch, EpochKey> held = new ConcurrentSkipListMap<>();
    private final Set<Epoch> destroyed = ConcurrentHashMap.newKeySet();
    private final Set<Epoch> denied = ConcurrentHashMap.newKeySet();
    /// The newest that has sealed, or was begun before its day because the one before was denied.
    private final AtomicReference<Epoch> newest = new AtomicReference<>(new Epoch(0));

    /// Without keys yet: see [#prepare].
    public EpochKeys(KeyManagement kms, WrappedSets sets, ShardFiles files, Clock clock, SecureRandom random) {
        this.kms = kms;
        this.sets = sets;
        this.files = files;
        this.clock = clock;
        this.random = random;
    }

    /// Has the keys that seal now, and those that come next, ready. It may wait for key management, and is called again
    /// and again.
    ///
    /// @throws KeyManagementException when they cannot be made or unwrapped
    public void prepare() {
        hold(due().next());
    }

    /// The epoch whose turn it is: of today, or a later one if today's is denied or that one was begun early. Its keys
    /// are held.
    ///
    /// @throws KeyManagementException when they cannot be made or unwrapped
    Epoch due() {
        Epoch epoch = turn();
        hold(epoch);
        while (denied.contains(epoch)) {
            epoch = epoch.next();
            requireNear(epoch);
            hold(epoch);
        }
        return epoch;
    }

    private Epoch turn() {
        return later(newest.get(), today());
    }

    private Epoch today() {
        return Epoch.at(clock.instant());
    }

    private void requireNear(Epoch epoch) {
        Epoch today = today();
        boolean near = Math.abs(epoch.day() - today.day()) <= RootState.SEALING_DRIFT_DAYS;
        boolean clockWasSetBack = epoch.equals(newest.get()) && epoch.compareTo(today) > 0;
        if (!near && !clockWasSetBack) {
            throw new KeyManagementException(
                    Reason.UNAVAILABLE,
                    "The audit log has no keys to seal under but those of " + epoch + ", more than "
                            + RootState.SEALING_DRIFT_DAYS + " days from today, which is further than a legal hold"
                            + " reaches: events wait for the keys of a nearer day.");
        }
    }

    /// Makes the keys of an epoch, unless they are there. Two threads prepare: one makes them.
    synchronized void hold(Epoch epoch) {
        if (held.containsKey(epoch)) {
            return;
        }
        Optional<byte[]> set = sets.read(name(epoch));
        if (set.isEmpty()) {
            held.put(epoch, create(epoch));
        } else {
            restore(epoch, set.get()).ifPresent(key -> held.put(epoch, key));
        }
    }

    /// Seals under no earlier epoch than this one from now on, so that each epoch is one stretch of the log even when
    /// the clock is set back.
    public void sealsFrom(Epoch epoch) {
        var _ = newest.accumulateAndGet(epoch, EpochKeys::later);
    }

    private static Epoch later(Epoch one, Epoch other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    /// The keys to seal under: of the epoch whose turn it is, or the newest before it while the key management does not
    /// give those. Never older ones than before.
    ///
    /// @throws KeyManagementException before the first [#prepare], on a day whose keys were destroyed, and when all
    /// that are held are denied, or too far from today
    EpochKey sealing() {
        Map.Entry<Epoch, EpochKey> entry = held.floorEntry(turn());
        while (entry != null && denied.contains(entry.getKey())) {
            entry = held.higherEntry(entry.getKey());
        }
        if (entry == null || entry.getKey().compareTo(newest.get()) < 0) {
            throw new KeyManagementException(Reason.UNAVAILABLE, "No keys are held for the audit events of today.");
        }
        requireNear(entry.getKey());
        sealsFrom(entry.getKey());
        return entry.getValue();
    }

    /// Whether an epoch seals nothing any more because somebody else may hold its keys.
    boolean isDenied(Epoch epoch) {
        return denied.contains(epoch);
    }

    /// From now on events are sealed under the keys of this epoch, or of a later day once that has come.
    ///
    /// @throws KeyManagementException when they cannot be made or unwrapped, or are of a day too far ahead
    void begin(Epoch epoch) {
        if (epoch.compareTo(today()) > 0) {
            requireNear(epoch);
        }
        hold(epoch);
        sealsFrom(epoch);
    }

    /// Nothing is sealed any more under the keys of this epoch, after a restart either. What they sealed stays
    /// readable: the log cannot be sealed anew, and an alarm must not be a way to wipe it.
    ///
    /// @throws KeyManagementException when that cannot be kept; to be called again then
    void deny(Epoch epoch) {
        denied.add(epoch);
        byte[] set = sets.read(name(epoch)).orElseThrow(() -> lost(epoch, null));
        Kept before = kept(epoch, set);
        if (before.denied() == null && before.destroyed() == null) {
            Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
            byte[] mark = JSON.writeValueAsBytes(new Kept(before.key(), null, now));
            if (!sets.replace(name(epoch), set, mark)) {
                throw changed(epoch);
            }
        }
        prepare();
    }

    /// The keys of an epoch, unless they were destroyed. Either is asked for once, not for each leaf.
    ///
    /// @throws KeyManagementException when it cannot be told, and when they were lost
    Optional<EpochKey> opening(Epoch epoch) {
        EpochKey known = held.get(epoch);
        if (known != null || destroyed.contains(epoch)) {
            return Optional.ofNullable(known);
        }
        byte[] set = sets.read(name(epoch)).orElseThrow(() -> lost(epoch, null));
        Optional<EpochKey> found = restore(epoch, set);
        found.ifPresentOrElse(key -> held.put(epoch, key), () -> destroyed.add(epoch));
        if (destroyed.contains(epoch)) {
            // By another thread, after it was read here.
            held.remove(epoch);
            return Optional.empty();
        }
        return found;
    }

    /// Whether an epoch has keys, denied or not, that are not destroyed.
    ///
    /// @throws KeyManagementException when it cannot be told
    public boolean isThere(Epoch epoch) {
        if (destroyed.contains(epoch)) {
            return false;
        }
        Optional<byte[]> set = sets.read(name(epoch));
        if (set.isPresent() && kept(epoch, set.get()).destroyed() != null) {
            destroyed.add(epoch);
            return false;
        }
        return set.isPresent();
    }

    /// What an epoch's index is written with, unless its keys were destroyed.
    ///
    /// @throws KeyManagementException as for opening a leaf
    public Optional<IndexKey> index(Epoch epoch) {
        return opening(epoch).map(EpochKey::index);
    }

    /// Destroys an epoch's keys for good: what they sealed is shredded, and its place in the log stays proven.
    ///
    /// @return false when there is nothing to destroy
    /// @throws IllegalArgumentException for an epoch that still seals
    public boolean destroy(Epoch epoch) {
        if (epoch.day() + RootState.SEALING_DRIFT_DAYS + 1 >= today().day()) {
            throw new IllegalArgumentException("these keys may still seal");
        }
        Instant now = clock.instant();
        Optional<byte[]> set = sets.read(name(epoch));
        if (set.isEmpty() || kept(epoch, set.get()).destroyed() != null) {
            return false;
        }
        byte[] mark = JSON.writeValueAsBytes(new Kept(null, now.truncatedTo(ChronoUnit.SECONDS), null));
        if (!sets.replace(name(epoch), set.get(), mark)) {
            throw changed(epoch);
        }
        destroyed.add(epoch);
        held.remove(epoch);
        LOG.log(System.Logger.Level.INFO, "the keys of audit epoch {0} are destroyed", epoch);
        return true;
    }

    private EpochKey create(Epoch epoch) {
        byte[] material = new byte[EpochKey.BYTES];
        random.nextBytes(material);
        try {
            byte[] wrapped = kms.wrap(WRAPPING, material, context(epoch));
            if (!sets.replace(name(epoch), null, set(wrapped, null))) {
                throw lost(epoch, null);
            }
            return new EpochKey(epoch, material);
        } finally {
            Arrays.fill(material, (byte) 0);
        }
    }

    private Optional<EpochKey> restore(Epoch epoch, byte[] set) {
        Kept kept = kept(epoch, set);
        String wrapped = kept.key();
        if (wrapped == null) {
            return Optional.empty();
        }
        if (kept.denied() != null) {
            denied.add(epoch);
        }
        byte[] material = new byte[0];
        try {
            material = kms.unwrap(WRAPPING, Base64.getDecoder().decode(wrapped), context(epoch));
            var _ = renew(epoch, set, kept);
            return Optional.of(new EpochKey(epoch, material));
        } catch (IllegalArgumentException e) {
            throw lost(epoch, e);
        } catch (KeyManagementException e) {
            throw e.reason() == Reason.NOT_AUTHENTIC ? lost(epoch, e) : e;
        } finally {
            Arrays.fill(material, (byte) 0);
        }
    }

    @Override
    public KeyName wrapping() {
        return WRAPPING;
    }

    /// The keys of every epoch that may have sealed into the shards that there are, to the last that was made.
    @Override
    public int renew() {
        Epoch expected = turn().next();
        int moved = 0;
        for (Epoch epoch = oldest(); ; epoch = epoch.next()) {
            Optional<byte[]> set = sets.read(name(epoch));
            if (set.isEmpty() && epoch.compareTo(expected) > 0) {
                return moved;
            }
            moved += set.isPresent() && renew(epoch, set.get(), kept(epoch, set.get())) ? 1 : 0;
        }
    }

    private Epoch oldest() {
        try {
            return files.shards().stream()
                    .findFirst()
                    .map(shard -> Epoch.of(shard.firstDay().minusDays(RootState.SEALING_DRIFT_DAYS)))
                    .orElseGet(this::today);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean renew(Epoch epoch, byte[] set, Kept kept) {
        if (kept.key() == null) {
            return false;
        }
        Optional<byte[]> renewed = kms.renewed(WRAPPING, Base64.getDecoder().decode(kept.key()), context(epoch));
        return renewed.isPresent() && sets.replace(name(epoch), set, set(renewed.get(), kept.denied()));
    }

    private Kept kept(Epoch epoch, byte[] set) {
        try {
            @Nullable Kept kept = JSON.readValue(set, Kept.class);
            if (kept == null || (kept.key() == null) == (kept.destroyed() == null)) {
                throw lost(epoch, null);
            }
            return kept;
        } catch (JacksonException e) {
            throw lost(epoch, e);
        }
    }

    private static KeyManagementException changed(Epoch epoch) {
        return new KeyManagementException(
                Reason.UNAVAILABLE, "The keys of audit epoch " + epoch + " were changed meanwhile; try again.");
    }

    private KeyManagementException lost(Epoch epoch, @Nullable Exception cause) {
        String sentence = "The keys of audit epoch " + epoch + " in " + sets.placeOf(name(epoch))
                + " do not open, or are another process's: restore them from a backup.";
        return cause == null
                ? new KeyManagementException(Reason.NOT_AUTHENTIC, sentence)
                : new KeyManagementException(Reason.NOT_AUTHENTIC, sentence, cause);
    }

    private static byte[] set(byte[] wrapped, @Nullable Instant denied) {
        return JSON.writeValueAsBytes(new Kept(Base64.getEncoder().encodeToString(wrapped), null, denied));
    }

    private static byte[] context(Epoch epoch) {
        return name(epoch).getBytes(StandardCharsets.US_ASCII);
    }

    private static String name(Epoch epoch) {
        return "audit-epoch-" + epoch;
    }
}
