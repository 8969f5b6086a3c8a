package dev.postern.rotation.compromise;

import dev.postern.chassis.keys.KeyReports;
import dev.postern.chassis.keys.Suspicion;
import dev.postern.chassis.keys.Trigger;
import dev.postern.rotation.ledger.KeyLedger;
import dev.postern.rotation.lifecycle.KeyState;
import dev.postern.rotation.lifecycle.ManagedKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiConsumer;

/// Watches who signs the tokens that are shown to this service itself, as `SignatureWatch` does at the others. Waits
/// for nobody: it reads the ring, and [KeyReports] asks [Suspicions].
///
/// @param tolerance how far clocks may differ
record OwnSignatures(KeyLedger ledger, KeyReports reports, Duration tolerance) implements BiConsumer<String, Instant> {
    @Override
    public void accept(String kid, Instant made) {
        ledger.ring()
                .find(kid)
                .ifPresent(key -> trigger(key, made)
                        .ifPresent(trigger ->
                                reports.suspect(new Suspicion(key.keyClass().wireName(), kid, trigger), made, 1)));
    }

    private Optional<Trigger> trigger(ManagedKey key, Instant made) {
        return switch (key.state()) {
            case KeyState.Prepared _ -> Optional.of(Trigger.UNEXPECTED_USE);
            case KeyState.Active active ->
                made.plus(tolerance).isBefore(active.since()) ? Optional.of(Trigger.UNEXPECTED_USE) : Optional.empty();
            case KeyState.Retiring retiring ->
                made.minus(tolerance).isAfter(retiring.since())
                        ? Optional.of(Trigger.RETIRED_SIGNATURE)
                        : Optional.empty();
            // Since when it retired is not known any more; the ledger knows when it was given up.
            case KeyState.Destroyed _, KeyState.Compromised _ -> Optional.of(Trigger.RETIRED_SIGNATURE);
        };
    }
}
