package dev.postern.rotation.lifecycle;

import dev.postern.rotation.lifecycle.Move.Cause;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// When which key moves.
///
/// A prepared key activates when every process heard within [#consumerWindow] has applied a directory that holds
/// it, or [#acknowledgementDeadline] after it was prepared: the silent are left behind, so that one dead consumer
/// cannot stop a rotation. A holder without a signing key gets its spare at once, by the same rule. A holder that
/// is silent for [#ownerSilence] loses its keys, for it cannot renew them.
///
/// @param period how long a key signs
/// @param verificationWindow how long a retiring key verifies: longest token life plus clock skew
public record RotationPolicy(
        Duration period,
        Duration verificationWindow,
        Duration acknowledgementDeadline,
        Duration consumerWindow,
        Duration ownerSilence) {
    public RotationPolicy {
        if (!period.isPositive()
                || !verificationWindow.isPositive()
                || !acknowledgementDeadline.isPositive()
                || !consumerWindow.isPositive()
                || !ownerSilence.isPositive()) {
            throw new IllegalArgumentException("a rotation policy has positive durations only");
        }
    }

    /// All steps that are due.
    ///
    /// @param replace the ids of active keys that an operator wants replaced
    public List<Move> due(KeyRing ring, Attendance attendance, Set<String> replace, Instant now) {
        List<Move> moves = new ArrayList<>();
        Set<Holder> holders = new LinkedHashSet<>();
        for (ManagedKey key : ring.published()) {
            holders.add(key.holder());
            if (key.state() instanceof KeyState.Retiring retiring && !now.isBefore(retiring.until())) {
                moves.add(new Move(key, new KeyEvent.Destroy(now), Cause.WINDOW_ENDED));
            }
        }
        for (Holder holder : holders) {
            if (attendance.silence(holder, now).compareTo(ownerSilence) > 0) {
                moves.addAll(retireAll(ring.of(holder), now));
            } else {
                moves.addAll(activate(ring.of(holder), attendance, replace, now));
            }
        }
        return moves;
    }

    private List<Move> retireAll(List<ManagedKey> keys, Instant now) {
        return keys.stream()
                .filter(key -> key.state() instanceof KeyState.Prepared || key.state() instanceof KeyState.Active)
                .map(key -> retire(key, Cause.OWNER_SILENT, now))
                .toList();
    }

    private List<Move> activate(List<ManagedKey> keys, Attendance attendance, Set<String> replace, Instant now) {
        Optional<ManagedKey> spare = keys.stream()
                .filter(key -> key.state() instanceof KeyState.Prepared)
                .min(Comparator.comparing((ManagedKey key) -> key.state().since())
                        .thenComparing(ManagedKey::kid));
        Optional<ManagedKey> active = keys.stream()
                .filter(key -> key.state() instanceof KeyState.Active)
                .findFirst();
        Optional<Cause> cause = cause(active, replace, now);
        if (cause.isEmpty()
                || spare.isEmpty()
                || !(spare.get().state() instanceof KeyState.Prepared prepared)
                || !mayActivate(prepared, attendance, now)) {
            return List.of();
        }
        List<Move> moves = new ArrayList<>();
        moves.add(new Move(spare.get(), new KeyEvent.Activate(now), cause.get()));
        active.ifPresent(old -> moves.add(retire(old, cause.get(), now)));
        return moves;
    }

    private Optional<Cause> cause(Optional<ManagedKey> active, Set<String> replace, Instant now) {
        if (active.isEmpty()) {
            return Optional.of(Cause.FIRST);
        }
        if (replace.contains(active.get().kid())) {
            return Optional.of(Cause.OPERATOR);
        }
        boolean old = !now.isBefore(active.get().state().since().plus(period));
        return old ? Optional.of(Cause.SCHEDULED) : Optional.empty();
    }

    private boolean mayActivate(KeyState.Prepared prepared, Attendance attendance, Instant now) {
        boolean overdue = !now.isBefore(prepared.since().plus(acknowledgementDeadline));
        return overdue
                || (attendance.settled(consumerWindow, now)
                        && attendance
                                .behind(prepared.version(), consumerWindow, now)
                                .isEmpty());
    }

    private Move retire(ManagedKey key, Cause cause, Instant now) {
        return new Move(key, new KeyEvent.Retire(now, now.plus(verificationWindow)), cause);
    }
}
