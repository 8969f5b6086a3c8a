package dev.postern.rotation.lifecycle;

import dev.postern.audit.root.RootState;
import dev.postern.rotation.lifecycle.KeyClass.Audience;
import dev.postern.rotation.lifecycle.KeyClass.Succession;
import dev.postern.rotation.lifecycle.Move.Cause;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// When which key of a class moves.
///
/// A prepared key activates when every process of the class's audience heard within [#consumerWindow] has applied a
/// directory that holds it, or [#acknowledgementDeadline] after it was prepared: the silent are left behind, so that
/// one dead consumer cannot stop a rotation. A holder without an active key gets its spare at once, by the same rule. A
/// process that is silent for [#ownerSilence] loses the keys that live in its memory, for it cannot renew them.
///
/// @param period how long a key is used for what is new
/// @param verificationWindow how long a retiring key verifies or opens: the longest life of what it made, plus skew
/// @param jitter up to how much earlier than its period a key is replaced, by its id, so that not all go at once
public record RotationPolicy(
        Duration period,
        Duration verificationWindow,
        Duration acknowledgementDeadline,
        Duration consumerWindow,
        Duration ownerSilence,
        Duration jitter) {
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final Duration SILENCE = Duration.ofSeconds(15);
    private static final int JITTER_STEPS = 1_000;

    public RotationPolicy {
        if (!period.isPositive()
                || !verificationWindow.isPositive()
                || !acknowledgementDeadline.isPositive()
                || !consumerWindow.isPositive()
                || !ownerSilence.isPositive()) {
            throw new IllegalArgumentException("a rotation policy has positive durations only");
        }
        if (jitter.isNegative() || jitter.compareTo(period) >= 0) {
            throw new IllegalArgumentException("jitter is shorter than the period");
        }
    }

    /// For how long a class's keys are used at most, whatever is configured.
    public static Duration longestPeriod(KeyClass keyClass) {
        return keyClass == KeyClass.RELAY_HPKE ? Duration.ofMinutes(10) : Duration.ofSeconds(Long.MAX_VALUE);
    }

    /// What a class has unless configured otherwise.
    public static RotationPolicy standard(KeyClass keyClass) {
        return switch (keyClass) {
            // Verified for as long as the longest-lived token lives (5 min), and skew.
            case TOKEN_SIGNING -> of(Duration.ofHours(12), Duration.ofMinutes(6));
            // Published for 5 to 10 min, whatever the jitter. A key config may be kept by clients for a while.
            case RELAY_HPKE -> of(Duration.ofMinutes(6), Duration.ofMinutes(10));
            case CHALLENGE_MAC -> of(Duration.ofHours(1), Duration.ofMinutes(5));
            // Nothing is resumed that began before the next one.
            case TLS_TICKET -> of(Duration.ofHours(6), Duration.ofMinutes(1));
            // Until its own end; replaced by its owner at half of it.
            case SERVICE_CERT ->
                new RotationPolicy(
                        Duration.ofHours(24), Duration.ofMinutes(1), DEADLINE, DEADLINE, SILENCE, Duration.ZERO);
            case PSEUDONYM -> of(Duration.ofDays(30), Duration.ofDays(30));
            case VAULT_RECORD -> of(Duration.ofDays(30), Duration.ofDays(90));
            case AUDIT_EPOCH -> of(Duration.ofDays(1), Duration.ofDays(90));
            case ARCHIVE -> of(Duration.ofDays(90), Duration.ofDays(400));
            case KMS_WRAPPING -> of(Duration.ofDays(90), Duration.ofDays(30));
        };
    }

    private static RotationPolicy of(Duration period, Duration window) {
        return new RotationPolicy(period, window, DEADLINE, DEADLINE, SILENCE, period.dividedBy(20));
    }

    /// When the schedule replaces an active key.
    Instant replaceAt(ManagedKey active) {
        if (active.keyClass().isOfTheDay()) {
            return endOfDay(active);
        }
        long share = Math.floorMod(active.kid().hashCode(), JITTER_STEPS);
        return active.state()
                .since()
                .plus(period)
                .minus(jitter.multipliedBy(share).dividedBy(JITTER_STEPS));
    }

    /// The end of the day it is for, or of the day it became active if that is later: one that took over from a
    /// compromised key is used through its own day too. A name further ahead than the log would go is not believed.
    private static Instant endOfDay(ManagedKey active) {
        LocalDate begun = LocalDate.ofInstant(active.state().since(), ZoneOffset.UTC);
        return active.day()
                .filter(day -> day.isAfter(begun) && !day.isAfter(begun.plusDays(RootState.SEALING_DRIFT_DAYS)))
                .orElse(begun)
                .plusDays(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
    }

    /// How long a key that ended is remembered: at least for as long as anything it made could be shown again.
    public Duration memory() {
        return period.plus(verificationWindow);
    }

    /// All steps of one slot that are due.
    ///
    /// @param replace the ids of active keys that an operator wants replaced
    /// @param scheduling whether the schedule may replace keys now
    List<Move> due(
            Slot slot,
            List<ManagedKey> keys,
            Attendance attendance,
            Set<String> replace,
            boolean scheduling,
            Instant now) {
        List<Move> moves = new ArrayList<>();
        for (ManagedKey key : keys) {
            if (key.state() instanceof KeyState.Retiring retiring && !now.isBefore(retiring.until())) {
                moves.add(new Move(key, new KeyEvent.Destroy(now), Cause.WINDOW_ENDED));
            }
        }
        Optional<Cause> gone = gone(slot, attendance, now);
        if (gone.isPresent()) {
            keys.stream()
                    .filter(key -> key.state() instanceof KeyState.Prepared || key.state() instanceof KeyState.Active)
                    .forEach(key -> moves.add(retire(key, gone.get(), now)));
        } else {
            moves.addAll(replace(slot, keys, attendance, replace, scheduling, now));
        }
        return moves;
    }

    /// Why the holder has its keys no more, where they live in its process.
    private Optional<Cause> gone(Slot slot, Attendance attendance, Instant now) {
        if (slot.keyClass().custody() != KeyClass.Custody.PROCESS) {
            return Optional.empty();
        }
        if (attendance.hasLeft(slot.holder())) {
            return Optional.of(Cause.OWNER_LEFT);
        }
        return attendance.silence(slot.holder(), now).compareTo(ownerSilence) > 0
                ? Optional.of(Cause.OWNER_SILENT)
                : Optional.empty();
    }

    private List<Move> replace(
            Slot slot,
            List<ManagedKey> keys,
            Attendance attendance,
            Set<String> replace,
            boolean scheduling,
            Instant now) {
        Optional<ManagedKey> active = keys.stream()
                .filter(key -> key.state() instanceof KeyState.Active)
                .findFirst();
        Optional<Cause> cause = cause(active, replace, scheduling, now);
        if (cause.isEmpty()) {
            return List.of();
        }
        if (active.isPresent() && slot.keyClass().succession() == Succession.NONE) {
            return List.of(retire(active.get(), Cause.EXPIRED, now));
        }
        Optional<ManagedKey> spare = KeyRing.spare(keys);
        if (spare.isEmpty()
                || !(spare.get().state() instanceof KeyState.Prepared prepared)
                || !mayActivate(slot, prepared, attendance, now)) {
            return List.of();
        }
        List<Move> moves = new ArrayList<>();
        moves.add(new Move(spare.get(), new KeyEvent.Activate(now), cause.get()));
        active.ifPresent(old -> moves.add(retire(old, cause.get(), now)));
        return moves;
    }

    private Optional<Cause> cause(Optional<ManagedKey> active, Set<String> replace, boolean scheduling, Instant now) {
        if (active.isEmpty()) {
            return Optional.of(Cause.FIRST);
        }
        if (replace.contains(active.get().kid())) {
            return Optional.of(Cause.OPERATOR);
        }
        KeyClass keyClass = active.get().keyClass();
        boolean mayWait = keyClass.succession() == Succession.SPARE && !keyClass.isOfTheDay();
        boolean old = !now.isBefore(replaceAt(active.get()));
        return old && (scheduling || !mayWait) ? Optional.of(Cause.SCHEDULED) : Optional.empty();
    }

    private boolean mayActivate(Slot slot, KeyState.Prepared prepared, Attendance attendance, Instant now) {
        boolean overdue = !now.isBefore(prepared.since().plus(acknowledgementDeadline));
        return overdue
                || slot.keyClass().audience() == Audience.NOBODY
                || (attendance.settled(consumerWindow, now)
                        && waitingFor(slot, prepared.version(), attendance, now).isEmpty());
    }

    /// Who of the class's audience is alive and has not applied `version`.
    Set<Holder> waitingFor(Slot slot, long version, Attendance attendance, Instant now) {
        Set<Holder> behind = new HashSet<>(attendance.behind(version, consumerWindow, now));
        return switch (slot.keyClass().audience()) {
            case EVERYBODY -> behind;
            case OWNER -> {
                behind.removeIf(holder -> !holder.id().equals(slot.holder().id()));
                yield behind;
            }
            case NOBODY -> Set.of();
        };
    }

    private Move retire(ManagedKey key, Cause cause, Instant now) {
        return new Move(key, new KeyEvent.Retire(now, now.plus(verificationWindow)), cause);
    }
}
