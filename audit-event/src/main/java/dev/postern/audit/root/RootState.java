package dev.postern.audit.root;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What the entries of a root log come to. Immutable.
public final class RootState {
    /// An event is sealed under the keys of a day at most so many days before or after its own: the day's keys may be
    /// out of reach, or called compromised. A legal hold reaches as far.
    public static final int SEALING_DRIFT_DAYS = 7;

    private final Map<String, Shard> shards = new TreeMap<>();
    private final Set<String> destroyed = new TreeSet<>();
    private final Map<String, Set<String>> holds = new LinkedHashMap<>();

    private RootState() {}

    /// What became of a shard.
    ///
    /// @param vkey       what its checkpoints are verified with; empty if its opening was not recorded
    /// @param opened     when its opening was recorded
    /// @param checkpoint its last, if it ended
    /// @param closed     when it ended
    /// @param deleted    whether it may be gone
    public record Shard(
            Optional<String> vkey,
            Optional<Instant> opened,
            Optional<String> checkpoint,
            Optional<Instant> closed,
            boolean deleted) {
        private static final Shard UNKNOWN =
                new Shard(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);
    }

    public static RootState of(List<RootEntry> entries) {
        RootState state = new RootState();
        entries.forEach(state::take);
        return state;
    }

    private void take(RootEntry entry) {
        switch (entry) {
            case RootEntry.ShardOpened opened -> {
                Shard known = shard(opened.shard());
                // What was said first stands: a second one is no way to give a shard another key.
                Optional<String> vkey = known.vkey().or(() -> Optional.of(opened.vkey()));
                Optional<Instant> time = known.opened().or(() -> Optional.of(opened.time()));
                shards.put(opened.shard(), new Shard(vkey, time, known.checkpoint(), known.closed(), known.deleted()));
            }
            case RootEntry.ShardClosed closed -> {
                Shard known = shard(closed.shard());
                Optional<String> checkpoint = known.checkpoint().or(() -> Optional.of(closed.checkpoint()));
                Optional<Instant> time = known.closed().or(() -> Optional.of(closed.time()));
                shards.put(closed.shard(), new Shard(known.vkey(), known.opened(), checkpoint, time, known.deleted()));
            }
            case RootEntry.ShardDeleted deleted -> {
                Shard known = shard(deleted.shard());
                shards.put(
                        deleted.shard(),
                        new Shard(known.vkey(), known.opened(), known.checkpoint(), known.closed(), true));
            }
            case RootEntry.EpochDestroyed epoch -> destroyed.add(epoch.day());
            case RootEntry.HoldPlaced placed -> holds.put(placed.hold(), placed.held());
            case RootEntry.HoldReleased released -> holds.remove(released.hold());
        }
    }

    /// Everything that was recorded of a shard.
    public Shard shard(String name) {
        return shards.getOrDefault(name, Shard.UNKNOWN);
    }

    /// Every shard that was ever recorded, oldest first.
    public Set<String> shards() {
        return Collections.unmodifiableSet(shards.keySet());
    }

    /// Whether the keys of a day's events are destroyed, or are about to be.
    public boolean isDestroyed(LocalDate day) {
        return destroyed.contains(day.toString());
    }

    public int destroyedDays() {
        return destroyed.size();
    }

    /// The holds that are in force, by name, and what they hold.
    public Map<String, Set<String>> holds() {
        return Collections.unmodifiableMap(new HashMap<>(holds));
    }

    /// Whether a hold names the shard, or a day of whose events it may have some: one since its week began and before
    /// it ended, which is later than its week when the next shard's key was out of reach.
    public boolean isHeld(String shard) {
        return held().anyMatch(held ->
                held.equals(shard) || (!RootEntry.isShard(held) && mayStandIn(shard, LocalDate.parse(held))));
    }

    private boolean mayStandIn(String shard, LocalDate day) {
        boolean ended = shard(shard)
                .closed()
                .filter(end -> day.isAfter(LocalDate.ofInstant(end, ZoneOffset.UTC)))
                .isPresent();
        return !day.isBefore(RootEntry.firstDay(shard)) && !ended;
    }

    /// Whether a hold names a day or a shard with events that may be sealed under this day's keys.
    public boolean isHeld(LocalDate day) {
        Set<String> names = new TreeSet<>();
        for (int drift = -SEALING_DRIFT_DAYS; drift <= SEALING_DRIFT_DAYS; drift++) {
            names.add(day.plusDays(drift).toString());
            names.add(RootEntry.shardOf(day.plusDays(drift)));
        }
        return held().anyMatch(names::contains);
    }

    private Stream<String> held() {
        return holds.values().stream().flatMap(Set::stream);
    }
}
