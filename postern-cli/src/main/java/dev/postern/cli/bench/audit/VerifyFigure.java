package dev.postern.cli.bench.audit;

import java.time.Duration;

/// What one check took.
///
/// @param entries    in the log
/// @param octets     of its files
/// @param elapsed    of the fastest of the rounds
/// @param reference  SHA-256 alone over as many octets as the entries have, on one core
/// @param sound      whether every round found the log sound
public record VerifyFigure(long entries, long octets, Duration elapsed, Duration reference, boolean sound) {

    public long entriesPerSecond() {
        return Math.round(entries * 1e9 / Math.max(1, elapsed.toNanos()));
    }
}
