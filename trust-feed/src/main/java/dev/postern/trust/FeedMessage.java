package dev.postern.trust;

import java.net.URI;
import java.time.Instant;
import java.util.List;

/// What is signed: an entry of the stream, or a snapshot.
///
/// @param position the entry's own; of a snapshot, the last entry whose changes it surely holds
/// @param issuedAt whole milliseconds, by the publisher's clock
/// @param changes none in a tick
record FeedMessage(URI publisher, FeedPosition position, Instant issuedAt, List<TrustChange> changes) {
    /// Of one entry; snapshots hold as many as can be remembered.
    static final int MAX_CHANGES = 256;

    /// `typ` of an entry.
    static final String ENTRY = "postern-feed+jwt";
    /// `typ` of a snapshot.
    static final String SNAPSHOT = "postern-feed-snapshot+jwt";

    /// Characters of a signed entry; longer ones are refused unread.
    static final int MAX_ENTRY_LENGTH = 2 * 1024 * 1024;
    /// Characters of a signed snapshot.
    static final int MAX_SNAPSHOT_LENGTH = 32 * 1024 * 1024;

    FeedMessage {
        changes = List.copyOf(changes);
    }
}
