package dev.postern.trust;

import java.time.Duration;

/// The pace of a publisher.
///
/// @param tick between two ticks; followers are told the same
/// @param lease how long a replica that went away keeps the others from ticking; less than followers' silence
/// @param reconcile how often the whole source is compared with what was published, changed or not
/// @param snapshot how often the snapshot in Redis is renewed
/// @param snapshotAge how long one answer of [TrustPublisher#snapshot] serves
/// @param entries that stay in the stream, about; older ones are in the snapshot
/// @param patience how long a publication waits for Redis
record PublisherSettings(
        Duration tick,
        Duration lease,
        Duration reconcile,
        Duration snapshot,
        Duration snapshotAge,
        int entries,
        Duration patience) {
    static final PublisherSettings DEFAULT = new PublisherSettings(
            Duration.ofMillis(200),
            Duration.ofMillis(400),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofMillis(100),
            2000,
            Duration.ofMillis(500));
}
