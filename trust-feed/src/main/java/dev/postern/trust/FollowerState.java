package dev.postern.trust;

import java.util.Map;

/// A follower, for metrics and health.
///
/// @param current whether tokens can be told from revoked ones
/// @param silenceMillis since the feed was last heard of; -1 before the first time
/// @param lagMillis between the issue of the last message and its arrival, by two clocks
/// @param generation and `seq`: where in the feed it is
/// @param changes how many were heard, ticks not counted
/// @param revocations that are remembered
/// @param fromSnapshots how often the publisher was asked over HTTPS with success
/// @param refusals by reason
public record FollowerState(
        boolean current,
        long silenceMillis,
        long lagMillis,
        long generation,
        long seq,
        long changes,
        int revocations,
        long fromSnapshots,
        Map<FeedRefused.Reason, Long> refusals) {
    public FollowerState {
        refusals = Map.copyOf(refusals);
    }

    /// How many messages were refused for this reason.
    public long refused(FeedRefused.Reason reason) {
        return refusals.getOrDefault(reason, 0L);
    }
}
