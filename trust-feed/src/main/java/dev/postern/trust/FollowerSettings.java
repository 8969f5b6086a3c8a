package dev.postern.trust;

import java.net.URI;
import java.time.Duration;

/// How a feed is followed.
///
/// @param decisions whose feed of revocations and policies is followed: the token-service
/// @param keys whose feed of key states is followed: the key-rotation-service. Its silence costs nothing but freshness;
///     the key directory has a staleness of its own
/// @param silence after which nothing counts as known any more; at two thirds of it the snapshot is read over HTTPS
/// @param skew how far the publisher's clock and ours may differ; what is further off does not count as heard
public record FollowerSettings(URI decisions, URI keys, Duration silence, Duration skew) {
    private static final Duration SHORTEST = Duration.ofMillis(300);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    public FollowerSettings {
        if (silence.compareTo(SHORTEST) < 0 || silence.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("postern.trust.silence must be between 300 ms and 30 s");
        }
        if (!skew.isPositive() || skew.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("postern.trust.clock-skew must be above 0 and at most 30 s");
        }
    }

    /// After which the stream is not waited for any more.
    Duration patience() {
        return silence.multipliedBy(2).dividedBy(3);
    }
}
