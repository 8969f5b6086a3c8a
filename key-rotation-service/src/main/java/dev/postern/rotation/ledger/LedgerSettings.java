package dev.postern.rotation.ledger;

import dev.postern.rotation.lifecycle.Schedule;
import java.time.Duration;

/// How the ledger decides.
///
/// @param dryRun scheduled replacements are logged and not made; everything else happens
/// @param reportPatience after which an incident is reported whatever is still missing
public record LedgerSettings(Schedule schedule, boolean dryRun, Duration reportPatience) {
    public LedgerSettings {
        if (!reportPatience.isPositive()) {
            throw new IllegalArgumentException("a report waits for a while");
        }
    }

    public LedgerSettings(Schedule schedule) {
        this(schedule, false, Duration.ofSeconds(30));
    }
}
