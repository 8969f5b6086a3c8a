package dev.postern.rotation.ledger;

import dev.postern.audit.KeyTransitioned;
import dev.postern.rotation.lifecycle.Attendance;
import dev.postern.rotation.lifecycle.Holder;
import dev.postern.rotation.lifecycle.KeyEvent;
import dev.postern.rotation.lifecycle.ManagedKey;
import dev.postern.rotation.lifecycle.Move;
import dev.postern.rotation.lifecycle.Schedule;
import java.time.Instant;
import java.util.Set;

/// A decided move, and the living consumers that have not acknowledged what it activates.
record Step(Move move, Set<Holder> leftBehind) {
    static Step of(Move move, Schedule schedule, Attendance attendance, Instant now) {
        return new Step(
                move,
                move.event() instanceof KeyEvent.Activate
                        ? schedule.waitingFor(move.key(), attendance, now)
                        : Set.of());
    }

    String cause() {
        return leftBehind.isEmpty()
                ? move.cause().code()
                : move.cause().code() + "-unacknowledged-by-" + leftBehind.size();
    }

    KeyTransitioned event() {
        return transition(move.key(), move.from(), move.to(), cause());
    }

    static KeyTransitioned transition(ManagedKey key, String from, String to, String cause) {
        return new KeyTransitioned(
                key.keyClass().wireName(), key.kid(), key.owner().toString(), key.instance(), from, to, cause);
    }
}
