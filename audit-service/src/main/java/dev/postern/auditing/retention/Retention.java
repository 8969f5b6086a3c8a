package dev.postern.auditing.retention;

import dev.postern.audit.root.RootEntry;
import dev.postern.audit.root.RootState;
import dev.postern.auditing.epoch.Epoch;
import dev.postern.auditing.epoch.EpochKeys;
import dev.postern.auditing.retention.HoldRefused.Reason;
import dev.postern.auditing.root.RootLog;
import dev.postern.auditing.shard.ShardFiles;
import dev.postern.auditing.shard.ShardName;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Shreds the events of days, and deletes whole shards, when they are old enough and nothing holds them.
///
/// Guarantees: the root log tells of each of it before it is done; a crash in between is made good by the next run, or
/// the next start; what is held is neither shredded nor deleted, from the moment the hold is in the root log; no shard
/// is deleted that the gate keeps. Failure direction: closed; without the root log nothing is deleted, nor while the
/// clock is in doubt ([ClockDoubt]). Not guaranteed: anything of copies that others made.
///
/// Its monitor keeps holds and deletions apart.
final class Retention {
    private static final System.Logger LOG = System.getLogger(Retention.class.getName());
    private static final int MOST_HOLDS = 256;

    private final RetentionProperties properties;
    private final RootLog root;
    private final EpochKeys epochs;
    private final ShardFiles files;
    private final DeletionGate gate;
    private final Consumer<ShardName> forget;
    private final Clock clock;
    /// Days whose keys this process knows to be destroyed, or never to have been.
    private final Set<LocalDate> done = new HashSet<>();

    /// @param gate   asked before a shard is deleted
    /// @param forget told of a shard before it is deleted
    Retention(
            RetentionProperties properties,
            RootLog root,
            EpochKeys epochs,
            ShardFiles files,
            DeletionGate gate,
            Consumer<ShardName> forget,
            Clock clock) {
        this.properties = properties;
        this.root = root;
        this.epochs = epochs;
        this.files = files;
        this.gate = gate;
        this.forget = forget;
        this.clock = clock;
    }

    /// Does what is due. It is called again and again.
    ///
    /// @throws IOException when something cannot be written or deleted; the next run goes on with it
    /// @throws dev.postern.kms.KeyManagementException when keys cannot be destroyed now
    synchronized void run() throws IOException {
        if (isHeldBack()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "nothing of the audit log is shredded or deleted: it has no events of the last weeks before {0}. Is the"
                            + " clock right? Then it goes on a day after the first of them",
                    clock.instant());
            return;
        }
        shred();
        for (String name : root.state().shards()) {
            RootState state = root.state();
            ShardName shard = new ShardName(name);
            if (state.shard(name).deleted()) {
                files.delete(shard);
            } else if (isOld(state.shard(name)) && !state.isHeld(name) && gate.mayDelete(shard)) {
                root.append(new RootEntry.ShardDeleted(clock.instant(), name));
                forget.accept(shard);
                files.delete(shard);
                LOG.log(System.Logger.Level.INFO, "audit shard {0} is deleted", name);
            }
        }
    }

    /// Whether nothing is done since the clock may have jumped.
    boolean isHeldBack() {
        return ClockDoubt.is(root.state(), clock.instant());
    }

    private boolean isOld(RootState.Shard shard) {
        return shard.closed()
                .filter(closed ->
                        !closed.plus(properties.keep()).plus(properties.grace()).isAfter(clock.instant()))
                .isPresent();
    }

    /// Every day that may have sealed into the oldest shard, and all after it.
    private void shred() throws IOException {
        Optional<LocalDate> first = root.state().shards().stream()
                .filter(name -> !root.state().shard(name).deleted())
                .findFirst()
                .map(name -> new ShardName(name).firstDay().minusDays(RootState.SEALING_DRIFT_DAYS));
        LocalDate end = LocalDate.ofInstant(clock.instant().minus(properties.keep()), ZoneOffset.UTC);
        for (LocalDate day = first.orElse(end); day.isBefore(end); day = day.plusDays(1)) {
            shred(day);
        }
    }

    private void shred(LocalDate day) throws IOException {
        RootState state = root.state();
        boolean recorded = state.isDestroyed(day);
        if (done.contains(day) || (!recorded && state.isHeld(day))) {
            return;
        }
        Epoch epoch = Epoch.of(day);
        if (epochs.isThere(epoch)) {
            if (!recorded) {
                root.append(new RootEntry.EpochDestroyed(clock.instant(), day.toString()));
            }
            var _ = epochs.destroy(epoch);
        }
        done.add(day);
    }

    /// The holds that are in force, and what each holds.
    Map<String, Set<String>> holds() {
        return root.state().holds();
    }

    /// Places a hold, unless it is in force as it is.
    ///
    /// @param before done once it is clear that it can be placed
    synchronized void place(String hold, Set<String> held, Runnable before) throws HoldRefused, IOException {
        RootState state = root.state();
        Set<String> known = state.holds().get(hold);
        RootEntry entry = new RootEntry.HoldPlaced(clock.instant(), hold, held);
        if (held.equals(known)) {
            return;
        }
        if (known != null) {
            throw new HoldRefused(Reason.EXISTS);
        }
        if (state.holds().size() >= MOST_HOLDS) {
            throw new HoldRefused(Reason.TOO_MANY);
        }
        if (held.stream().anyMatch(one -> isGone(one, state))) {
            throw new HoldRefused(Reason.GONE);
        }
        before.run();
        root.append(entry);
    }

    /// Whether there is nothing to hold, or not all of it.
    ///
    /// @throws IllegalArgumentException for a week that no year has
    private boolean isGone(String held, RootState state) {
        if (RootEntry.isShard(held)) {
            LocalDate first = RootEntry.firstDay(held);
            if (!RootEntry.shardOf(first).equals(held)) {
                throw new IllegalArgumentException("there is no week " + held);
            }
            return state.shard(held).deleted()
                    || first.datesUntil(first.plusDays(7)).anyMatch(state::isDestroyed);
        }
        return isGone(LocalDate.parse(held), state);
    }

    /// A past day without keys of its own was sealed under the last ones before it.
    private boolean isGone(LocalDate day, RootState state) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        for (int back = 0; back <= RootState.SEALING_DRIFT_DAYS; back++) {
            LocalDate sealed = day.minusDays(back);
            if (state.isDestroyed(sealed)) {
                return true;
            }
            if (epochs.isThere(Epoch.of(sealed))) {
                return state.shard(RootEntry.shardOf(day)).deleted();
            }
        }
        return day.isBefore(today);
    }

    /// Releases a hold.
    ///
    /// @param before done once it is clear that it can be released
    synchronized void release(String hold, Runnable before) throws HoldRefused, IOException {
        if (!root.state().holds().containsKey(hold)) {
            throw new HoldRefused(Reason.UNKNOWN);
        }
        before.run();
        root.append(new RootEntry.HoldReleased(clock.instant(), hold));
    }

    long shards() {
        RootState state = root.state();
        return state.shards().stream()
                .filter(name -> !state.shard(name).deleted())
                .count();
    }

    long deletedShards() {
        RootState state = root.state();
        return state.shards().size() - shards();
    }

    long shreddedDays() {
        return root.state().destroyedDays();
    }

    /// When the oldest shard ended that is still there; nothing while none has ended.
    Optional<Instant> oldestEnd() {
        RootState state = root.state();
        return state.shards().stream()
                .map(state::shard)
                .filter(shard -> !shard.deleted())
                .flatMap(shard -> shard.closed().stream())
                .findFirst();
    }
}
