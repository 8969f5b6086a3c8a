package dev.postern.rotation.compromise;

import dev.postern.audit.AuditUnavailable;
import dev.postern.rotation.ledger.Compromise;
import dev.postern.rotation.ledger.Compromise.Mode;
import dev.postern.rotation.ledger.CompromiseRefused;
import dev.postern.rotation.ledger.Incident;
import dev.postern.rotation.ledger.KeyLedger;
import dev.postern.rotation.ledger.LedgerStandsBy;
import dev.postern.rotation.ledger.LedgerUnwritable;
import dev.postern.rotation.lifecycle.KeyClass;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Drills that nobody has to start. The ledger remembers when a class was drilled last, so a new leader or a restart
/// neither repeats nor forgets one; a class that never was begins one period after this process first led.
///
/// One that has to wait ([DrillRules]) is tried again. Used by one thread.
final class Drills {
    private static final Logger log = LoggerFactory.getLogger(Drills.class);
    private static final Duration RETRY = Duration.ofMinutes(1);

    private final KeyLedger ledger;
    private final DrillRules rules;
    private final Map<KeyClass, Duration> every = new EnumMap<>(KeyClass.class);
    private final Map<KeyClass, Instant> firstSeen = new EnumMap<>(KeyClass.class);
    private final String me;
    private final Clock clock;
    private Instant nextTry = Instant.MIN;

    /// @param me on record as who called
    Drills(KeyLedger ledger, DrillRules rules, CompromiseProperties.Drills drills, String me, Clock clock) {
        this.ledger = ledger;
        this.rules = rules;
        this.me = me;
        this.clock = clock;
        drills.every().forEach((name, period) -> KeyClass.of(name).ifPresent(it -> every.put(it, period)));
    }

    /// Starts what is due. Called a few times a minute.
    void tick() {
        if (every.isEmpty() || !ledger.leads()) {
            firstSeen.clear();
            return;
        }
        Instant now = clock.instant();
        every.keySet().forEach(keyClass -> firstSeen.putIfAbsent(keyClass, now));
        if (now.isBefore(nextTry)) {
            return;
        }
        every.forEach((keyClass, period) -> {
            if (!now.isBefore(lastOf(keyClass).plus(period))) {
                drill(keyClass, now);
            }
        });
    }

    private Instant lastOf(KeyClass keyClass) {
        return ledger.incidents().stream()
                .filter(incident -> incident.keyClass().equals(keyClass.wireName()))
                .map(incident -> incident.phases().getOrDefault(Incident.Phase.CALLED, Instant.EPOCH))
                .max(Instant::compareTo)
                .orElse(firstSeen.getOrDefault(keyClass, Instant.EPOCH));
    }

    private void drill(KeyClass keyClass, Instant now) {
        try {
            Incident incident = rules.drill(new Compromise(
                    keyClass, Optional.empty(), Optional.empty(), Mode.DRILL, me, Optional.empty(), now));
            log.info("scheduled drill {} of {} keys", incident.id(), keyClass.wireName());
        } catch (DrillRules.Waits waits) {
            log.debug("the drill of {} keys waits: {}", keyClass.wireName(), waits.getMessage());
        } catch (CompromiseRefused | LedgerStandsBy | LedgerUnwritable | AuditUnavailable e) {
            nextTry = now.plus(RETRY);
            log.warn("the drill of {} keys waits: {}", keyClass.wireName(), e.getMessage());
        }
    }
}
