package dev.postern.rotation.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// The policies of all classes, and the hours in which they wait. Pure: time, attendance and wishes are arguments.
///
/// @param policies of the classes that differ from [RotationPolicy#standard]
public record Schedule(Map<KeyClass, RotationPolicy> policies, List<Blackout> blackouts) {
    /// A compromised key is denied for this long at least; one whose time was over is not remembered for longer.
    private static final Duration A_DAY = Duration.ofHours(24);

    public static final Schedule STANDARD = new Schedule(Map.of(), List.of());

    public Schedule {
        Map<KeyClass, RotationPolicy> all = new EnumMap<>(KeyClass.class);
        for (KeyClass keyClass : KeyClass.values()) {
            RotationPolicy own = policies.get(keyClass);
            all.put(keyClass, own == null ? RotationPolicy.standard(keyClass) : own);
        }
        policies = Map.copyOf(all);
        blackouts = List.copyOf(blackouts);
    }

    /// What the schedule is asked to do beside its own.
    ///
    /// @param replace the ids of active keys that an operator wants replaced
    /// @param paused whether an operator stopped scheduled replacement
    public record Wishes(Set<String> replace, boolean paused) {
        public static final Wishes NONE = new Wishes(Set.of(), false);

        public Wishes {
            replace = Set.copyOf(replace);
        }
    }

    /// One active key and its replacement.
    ///
    /// @param at when the schedule replaces it, if nothing holds it up
    /// @param held `paused`, `blackout`, `no-spare`, `unacknowledged`, or empty when nothing does
    public record Planned(ManagedKey key, Instant at, String held) {}

    public RotationPolicy of(KeyClass keyClass) {
        return Objects.requireNonNull(policies.get(keyClass));
    }

    /// All steps that are due.
    public List<Move> due(KeyRing ring, Attendance attendance, Wishes wishes, Instant now) {
        boolean scheduling = !wishes.paused() && !inBlackout(now);
        Map<Slot, List<ManagedKey>> slots = new LinkedHashMap<>();
        for (ManagedKey key : ring.usable()) {
            slots.computeIfAbsent(key.slot(), _ -> new ArrayList<>()).add(key);
        }
        List<Move> moves = new ArrayList<>();
        slots.forEach((slot, keys) ->
                moves.addAll(of(slot.keyClass()).due(slot, keys, attendance, wishes.replace(), scheduling, now)));
        return moves;
    }

    /// Every replacement to come, whatever holds it up: what a dry run shows.
    public List<Planned> plan(KeyRing ring, Attendance attendance, Wishes wishes, Instant now) {
        return ring.usable().stream()
                .filter(key -> key.state() instanceof KeyState.Active)
                .map(key ->
                        new Planned(key, of(key.keyClass()).replaceAt(key), held(key, ring, attendance, wishes, now)))
                .toList();
    }

    private String held(ManagedKey key, KeyRing ring, Attendance attendance, Wishes wishes, Instant now) {
        if (wishes.paused() && !key.keyClass().isOfTheDay()) {
            return "paused";
        }
        if (inBlackout(now) && !key.keyClass().isOfTheDay()) {
            return "blackout";
        }
        if (key.keyClass().succession() == KeyClass.Succession.NONE) {
            return "";
        }
        return ring.spare(key.slot())
                .map(spare -> waitingFor(spare, attendance, now).isEmpty() ? "" : "unacknowledged")
                .orElse("no-spare");
    }

    /// Steps that a compromise takes, at once and whoever has not acknowledged: each key is denied, and where it was
    /// active the spare takes over in the same version.
    public List<Move> compromise(KeyRing ring, List<ManagedKey> keys, Instant now) {
        List<Move> moves = new ArrayList<>();
        for (ManagedKey key : keys) {
            // What a drill has denied is denied already.
            if (!(key.state() instanceof KeyState.Compromised)) {
                moves.add(new Move(key, new KeyEvent.Compromise(now), Move.Cause.COMPROMISE));
            }
        }
        keys.stream()
                .filter(key -> key.state() instanceof KeyState.Active)
                .map(ManagedKey::slot)
                .distinct()
                .flatMap(slot ->
                        KeyRing.spare(ring.of(slot).stream()
                                        .filter(key -> !keys.contains(key))
                                        .toList())
                                .stream())
                .forEach(spare -> moves.add(new Move(spare, new KeyEvent.Activate(now), Move.Cause.COMPROMISE)));
        return moves;
    }

    /// Who should know a prepared key and does not.
    public Set<Holder> waitingFor(ManagedKey key, Attendance attendance, Instant now) {
        return key.state() instanceof KeyState.Prepared prepared
                ? of(key.keyClass()).waitingFor(key.slot(), prepared.version(), attendance, now)
                : Set.of();
    }

    /// Before which a key must have ended to be forgotten now.
    public Instant remembered(ManagedKey key, Instant now) {
        Duration memory = of(key.keyClass()).memory();
        boolean longer = memory.compareTo(A_DAY) > 0;
        return now.minus(longer == key.state() instanceof KeyState.Compromised ? memory : A_DAY);
    }

    private boolean inBlackout(Instant now) {
        return blackouts.stream().anyMatch(blackout -> blackout.covers(now));
    }
}
