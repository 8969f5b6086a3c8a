package dev.postern.session;

import java.time.Duration;
import java.time.Instant;

/// What a relay grants a session.
///
/// @param expires when the session ends whatever happens: the earlier of the token's end and 15 minutes
/// @param epoch when keys are updated at the latest
/// @param windowBits the replay window: 1024 on ordered paths, up to 8192 through a broker
/// @param maxStreams streams open at once
/// @param idle the session ends after this long without a stream
/// @param idempotency for how long the relay remembers a `msg_id`
public record SessionTerms(
        Instant expires, EpochLimits epoch, int windowBits, int maxStreams, Duration idle, Duration idempotency) {
    public SessionTerms {
        if (!ReplayWindow.valid(windowBits)) {
            throw new IllegalArgumentException("a replay window has 64 to 8192 bits in steps of 64, not " + windowBits);
        }
        if (maxStreams < 1 || maxStreams > 65_536) {
            throw new IllegalArgumentException("a session has 1 to 65536 streams at once, not " + maxStreams);
        }
        if (!idle.isPositive() || idempotency.isNegative()) {
            throw new IllegalArgumentException("idle and idempotency times are positive");
        }
    }

    /// The protocol's defaults for a session that ends at the given time: 60 s epochs, 1024 bits, 256 streams, 60 s
    /// idle, 10 min.
    public static SessionTerms until(Instant expires) {
        return new SessionTerms(
                expires,
                EpochLimits.DEFAULT,
                ReplayWindow.DEFAULT_BITS,
                256,
                Duration.ofSeconds(60),
                Duration.ofMinutes(10));
    }
}
