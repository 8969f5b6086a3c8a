package dev.postern.rotation.compromise;

import dev.postern.audit.AuditUnavailable;
import dev.postern.rotation.ledger.Compromise;
import dev.postern.rotation.ledger.Incident;
import dev.postern.rotation.ledger.Incident.Phase;
import dev.postern.rotation.ledger.KeyLedger;
import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.rotation.lifecycle.KeyRing;
import dev.postern.rotation.lifecycle.KeyState;
import dev.postern.rotation.lifecycle.ManagedKey;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/// The one way to drill, whoever starts it: a drill must cost nothing but the rotation that it measures.
///
/// Guarantee: none begins while rotation is paused, while an incident is open, where a holder has no spare, or soon
/// after one of the same class, nor while so many keys are denied that the ledger would fill up, nor where the keys of
/// days are far ahead of the calendar; of drills that are called at once one begins. Thread-safe.
final class DrillRules {
    /// Not now.
    static final class Waits extends Exception {
        Waits(String why) {
            super(why, null, false, false);
        }
    }

    /// The ledger remembers a denied key for a day at least, and has room for 2000 keys.
    static final int MOST_DENIED = 300;

    /// Each drill of a key of the day is a day ahead of the calendar, and the log goes no further than
    /// [RootState#SEALING_DRIFT_DAYS]: the rest is for compromises in earnest.
    static final int MOST_DAYS_AHEAD = 3;

    private final KeyLedger ledger;
    private final Duration interval;

    /// @param interval between two of a class
    DrillRules(KeyLedger ledger, Duration interval) {
        this.ledger = ledger;
        this.interval = interval;
    }

    synchronized Incident drill(Compromise drill) throws Waits, AuditUnavailable {
        if (ledger.leads()) {
            requireNow(drill);
        }
        return ledger.compromise(drill);
    }

    private void requireNow(Compromise drill) throws Waits {
        KeyClass keyClass = drill.keyClass();
        if (ledger.pausedSince().isPresent()) {
            throw new Waits("rotation is paused");
        }
        for (Incident incident : ledger.incidents()) {
            if (!incident.finished()) {
                throw new Waits(incident.id() + " is open");
            }
            Instant called = incident.phases().getOrDefault(Phase.CALLED, Instant.EPOCH);
            if (incident.keyClass().equals(keyClass.wireName())
                    && drill.called().isBefore(called.plus(interval))) {
                throw new Waits(incident.id() + " of the same class was a moment ago");
            }
        }
        KeyRing ring = ledger.ring();
        long denied = ring.keys().values().stream()
                .filter(key -> key.state() instanceof KeyState.Compromised)
                .count();
        if (denied >= MOST_DENIED) {
            throw new Waits(denied + " keys are denied and remembered");
        }
        LocalDate tooFar = LocalDate.ofInstant(drill.called(), ZoneOffset.UTC).plusDays(MOST_DAYS_AHEAD);
        Optional<LocalDate> ahead = ring.active(keyClass).stream()
                .flatMap(key -> key.day().stream())
                .filter(day -> !day.isBefore(tooFar))
                .findFirst();
        if (ahead.isPresent()) {
            throw new Waits("the key in use is already the one of " + ahead.get()
                    + "; after midnight UTC it is a day less ahead");
        }
        boolean spares = keyClass.succession() == KeyClass.Succession.NONE
                || ring.active(keyClass).stream()
                        .filter(key -> drill.owner().map(key.owner()::equals).orElse(true))
                        .map(ManagedKey::slot)
                        .allMatch(slot -> ring.spare(slot).isPresent());
        if (!spares) {
            throw new Waits("a holder has no spare");
        }
    }
}
