package dev.postern.rotation.compromise;

import dev.postern.audit.KeySuspected;
import dev.postern.rotation.compromise.CompromiseProperties.Action;
import dev.postern.rotation.directory.LedgerCalls;
import dev.postern.rotation.ledger.AuditLine;
import dev.postern.rotation.ledger.Compromise;
import dev.postern.rotation.ledger.Compromise.Mode;
import dev.postern.rotation.ledger.KeyLedger;
import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.rotation.lifecycle.KeyState;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;

/// What policy makes of signs that a key is in the wrong hands: an alert, or its compromise with nobody asked.
///
/// Non-guarantee: whoever can make a service see such signs can, where policy says `compromise`, make keys rotate. That
/// costs a rotation and what ran under the key; the default is `alert`.
final class Suspicions {
    private final KeyLedger ledger;
    private final CompromiseProperties.Triggers triggers;
    private final AuditLine audit;
    private final MeterRegistry registry;
    private final Clock clock;

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

    /// Returns what was done: `alert`, `compromise`, or `ignored` for a key that is unknown or denied already.
    String report(KeyClass keyClass, String kid, Trigger trigger, URI reporter, int count) {
        boolean known = ledger.ring()
                .find(kid)
                .filter(key -> key.keyClass() == keyClass && !(key.state() instanceof KeyState.Compromised))
                .isPresent();
        if (!known) {
            count(keyClass, trigger, "ignored");
            return "ignored";
        }
        Action action = triggers.of(trigger);
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
                        clock.instant()));
            }
            return action.code();
        });
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
