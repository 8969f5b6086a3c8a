package dev.postern.rotation.compromise;

import dev.postern.audit.KeySuspected;
import dev.postern.rotation.compromise.CompromiseProperties.Action;
import dev.postern.rotation.directory.LedgerCalls;
import dev.postern.rotation.ledger.AuditLine;
import dev.postern.rotation.ledger.Compromise;
import dev.postern.rotation.ledger.Compromise.Mode;
import dev.postern.rotation.ledger.Incident.Phase;
import dev.postern.rotation.ledger.KeyLedger;
import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.rotation.lifecycle.KeyState;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What policy makes of signs that a key is in the wrong hands: an alert, or its compromise with nobody asked.
///
/// Guarantee: of one reporter, key and trigger a sign counts once a minute, and at most one key of a class is
/// compromised by itself in an hour; what more is seen then is an alert.
///
/// Non-guarantee: whoever can make a service see such signs can, where policy says `compromise`, make keys rotate that
/// often. That costs a rotation and what ran under the key; the default is `alert`. Thread-safe.
final class Suspicions {
    private static final Duration REPEATED = Duration.ofMinutes(1);
    private static final Duration ONE_COMPROMISE = Duration.ofHours(1);

    private record Sign(URI reporter, String kid, Trigger trigger) {}

    private final KeyLedger ledger;
    private final CompromiseProperties.Triggers triggers;
    private final AuditLine audit;
    private final MeterRegistry registry;
    private final Clock clock;
    /// When each was counted last. Guarded by this.
    private final Map<Sign, Instant> counted = new HashMap<>();

    Suspicions(
            KeyLedger ledger,
            CompromiseProperties.Triggers triggers,
            AuditLine audit,
            MeterRegistry registry,
            Clock clock) {
        this.ledger = ledger;
        this.triggers = triggers;
        this.audit = audit;
        this.registry = registry;
        this.clock = clock;
    }

    /// Returns what was done: `alert`, `compromise`, or `ignored` for a key that is unknown or denied already, and for
    /// what was reported within the last minute.
    synchronized String report(KeyClass keyClass, String kid, Trigger trigger, URI reporter, int count) {
        Instant now = clock.instant();
        counted.values().removeIf(at -> Duration.between(at, now).abs().compareTo(REPEATED) >= 0);
        Sign sign = new Sign(reporter, kid, trigger);
        if (!isAtLarge(keyClass, kid) || counted.containsKey(sign)) {
            count(keyClass, trigger, "ignored");
            return "ignored";
        }
        Action action = wasCompromisedLately(keyClass, now) ? Action.ALERT : triggers.of(trigger);
        count(keyClass, trigger, action.code());
        return LedgerCalls.answer(() -> {
            audit.recordDurably(new KeySuspected(
                    keyClass.wireName(), kid, trigger.code(), action.code(), reporter.toString(), count));
            if (action == Action.COMPROMISE) {
                var _ = ledger.compromise(new Compromise(
                        keyClass,
                        Optional.of(kid),
                        Optional.empty(),
                        Mode.AUTOMATIC,
                        trigger.code(),
                        Optional.empty(),
                        now));
            }
            counted.put(sign, now);
            return action.code();
        });
    }

    /// Whether a thief of the key could do anything that was not dealt with.
    private boolean isAtLarge(KeyClass keyClass, String kid) {
        return ledger.ring()
                .find(kid)
                .filter(key -> key.keyClass() == keyClass
                        && (!(key.state() instanceof KeyState.Compromised) || ledger.onlyDrilled(kid)))
                .isPresent();
    }

    private boolean wasCompromisedLately(KeyClass keyClass, Instant now) {
        return ledger.incidents().stream()
                .filter(incident -> incident.keyClass().equals(keyClass.wireName())
                        && incident.mode().equals(Mode.AUTOMATIC.code()))
                .map(incident -> incident.phases().getOrDefault(Phase.CALLED, Instant.EPOCH))
                .anyMatch(called -> called.isAfter(now.minus(ONE_COMPROMISE)));
    }

    private void count(KeyClass keyClass, Trigger trigger, String action) {
        registry.counter(
                        "postern.keys.suspicions",
                        "class",
                        keyClass.wireName(),
                        "trigger",
                        trigger.code(),
                        "action",
                        action)
                .increment();
    }
}
