package dev.postern.session;

import java.time.Duration;

/// When an epoch ends at the latest. The relay enforces it; a client may be a flight behind, so up to twice the
/// frames are received.
public record EpochLimits(Duration maxAge, long maxFrames) {
    // Before DEFAULT, whose constructor reads them.
    private static final Duration DEFAULT_MAX_AGE = Duration.ofSeconds(60);
    private static final long DEFAULT_MAX_FRAMES = 1L << 16;

    /// The protocol's backstop: 60 s or 2^16 frames.
    public static final EpochLimits DEFAULT = new EpochLimits(DEFAULT_MAX_AGE, DEFAULT_MAX_FRAMES);

    public EpochLimits {
        if (maxAge.compareTo(Duration.ofSeconds(1)) < 0 || maxAge.compareTo(DEFAULT_MAX_AGE) > 0) {
            throw new IllegalArgumentException("an epoch lasts 1 to 60 s, not " + maxAge);
        }
        if (maxFrames < 1 || maxFrames > DEFAULT_MAX_FRAMES) {
            throw new IllegalArgumentException("an epoch has 1 to 65536 frames, not " + maxFrames);
        }
    }

    long hardMaxFrames() {
        return 2 * maxFrames;
    }
}
