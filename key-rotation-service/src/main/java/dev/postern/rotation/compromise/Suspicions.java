package dev.postern.rotation.compromise;

import dev.postern.audit.AuditUnavailable;
import dev.postern.audit.KeySuspected;
import dev.postern.chassis.keys.KeyReports;
import dev.postern.chassis.keys.Trigger;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.rotation.compromise.CompromiseProperties.Action;
import dev.postern.rotation.directory.LedgerCalls;
import dev.postern.rotation.ledger.AuditLine;
import dev.postern.rotation.ledger.Compromise;
import dev.postern.rotation.ledger.Compromise.Mode;
import dev.postern.rotation.ledger.Incident.Phase;
import dev.postern.rotation.ledger.KeyLedger;
import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.rotation.lifecycle.KeyState;
import dev.postern.rotation.lifecycle.ManagedKey;
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
/// compromised by itself in an hour; what more is seen then is an alert. Of a signature that the key may have made in
/// the hands of its owner, by what the ledger knows, nothing is made: a reporter whose directory is behind, or an owner
/// whose is, cannot raise an alarm (see [#isExplained]). A replica that stands by makes nothing of anything: whoever
/// reports says it again, to the one that leads or until this one does.
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
    private final Duration tolerance;
    private final Duration ignorance;
    private final Clock clock;
    /// When each was counted last. Guarded by this.
    private final Map<Sign, Instant> counted = new HashMap<>();

    /// @param tolerance how far clocks may differ
    /// @param ignorance for how long at most whoever cannot reach the directory goes on with what it holds
    Suspicions(
            KeyLedger ledger,
            CompromiseProperties.Triggers triggers,
            AuditLine audit,
            MeterRegistry registry,
            Duration tolerance,
            Duration ignorance,
            Clock clock) {
        this.ledger = ledger;
        this.triggers = triggers;
        this.audit = audit;
        this.registry = registry;
        this.tolerance = tolerance;
        this.ignorance = ignorance;
        this.clock = clock;
    }

    /// Returns what was done: `alert`, `compromise`, `explained` for a signature that the key's owner may have made, or
    /// `ignored` for a key that is unknown or denied already, and for what was reported within the last minute.
    ///
    /// @param made when the most telling of what is suspicious was signed: the oldest of `unexpected-use`, else the
    ///     newest; empty where that says nothing
    /// @throws ProblemException as [LedgerCalls] says; where another replica leads, nothing is on record
    synchronized String report(
            KeyClass keyClass, String kid, Trigger trigger, URI reporter, int count, Optional<Instant> made) {
        return LedgerCalls.answer(() -> {
            ledger.requireLead();
            Instant now = clock.instant();
            counted.values().removeIf(at -> Duration.between(at, now).abs().compareTo(REPEATED) >= 0);
            Sign sign = new Sign(reporter, kid, trigger);
            String answer;
            if (!isAtLarge(keyClass, kid) || counted.containsKey(sign)) {
                answer = "ignored";
            } else if (made.isPresent() && isExplained(kid, trigger, made.get())) {
                answer = "explained";
            } else {
                answer = act(keyClass, sign, count, now).code();
                counted.put(sign, now);
            }
            count(keyClass, trigger, answer);
            return answer;
        });
    }

    private Action act(KeyClass keyClass, Sign sign, int count, Instant now) throws AuditUnavailable {
        Action action = wasCompromisedLately(keyClass, now) ? Action.ALERT : triggers.of(sign.trigger());
        KeySuspected event = new KeySuspected(
                keyClass.wireName(),
                sign.kid(),
                sign.trigger().code(),
                action.code(),
                sign.reporter().toString(),
                count);
        switch (action) {
            case ALERT -> audit.recordDurably(event);
            case COMPROMISE -> {
                var _ = ledger.compromise(
                        new Compromise(
                                keyClass,
                                Optional.of(sign.kid()),
                                Optional.empty(),
                                Mode.AUTOMATIC,
                                sign.trigger().code(),
                                Optional.empty(),
                                now),
                        event);
            }
        }
        return action;
    }

    /// What this service has seen itself; a replica that stands by keeps it until it leads, as [KeyReports] does.
    KeyReports.Recipient heardBy(URI self) {
        return (suspicion, count, made) -> {
            try {
                var _ = report(
                        KeyClass.of(suspicion.keyClass()).orElseThrow(),
                        suspicion.keyId(),
                        suspicion.trigger(),
                        self,
                        count,
                        Optional.of(made));
                return KeyReports.Recipient.Answer.TAKEN;
            } catch (ProblemException refused) {
                return KeyReports.Recipient.Answer.of(refused.problem().status());
            }
        };
    }

    /// Whether a thief of the key could do anything that was not dealt with.
    private boolean isAtLarge(KeyClass keyClass, String kid) {
        return ledger.ring()
                .find(kid)
                .filter(key -> key.keyClass() == keyClass
                        && (!(key.state() instanceof KeyState.Compromised) || ledger.onlyDrilled(kid)))
                .isPresent();
    }

    /// Whether the owner may have signed at that time, whatever the reporter knew of the key then. The ledger hears of
    /// each step before anybody: what is a spare here was never used, and what an owner was told to give up is used
    /// until the owner has acknowledged that, or cannot believe its directory any more.
    private boolean isExplained(String kid, Trigger trigger, Instant made) {
        Optional<KeyState> known = ledger.ring().find(kid).map(ManagedKey::state);
        if (known.isEmpty()) {
            return true;
        }
        KeyState state = known.get();
        return switch (trigger) {
            case UNEXPECTED_USE ->
                switch (state) {
                    case KeyState.Prepared _ -> false;
                    case KeyState.Active active -> !made.isBefore(active.since().minus(tolerance));
                    // Since when it was active is not known any more.
                    case KeyState.Retiring _, KeyState.Destroyed _, KeyState.Compromised _ -> true;
                };
            case RETIRED_SIGNATURE ->
                switch (state) {
                    case KeyState.Prepared _, KeyState.Active _ -> true;
                    case KeyState.Retiring _, KeyState.Destroyed _, KeyState.Compromised _ -> {
                        Instant given =
                                ledger.relinquished(kid).orElse(state.since().plus(ignorance));
                        yield !made.isAfter(given.plus(tolerance));
                    }
                };
            case AEAD_FAILURES -> false;
        };
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
