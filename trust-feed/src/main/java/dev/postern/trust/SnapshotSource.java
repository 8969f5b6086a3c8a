package dev.postern.trust;

/// Where a follower reads the publisher's signed snapshot when the stream does not do.
@FunctionalInterface
public interface SnapshotSource {
    /// The signed snapshot as the publisher gives it now. Blocks for a stated, short time at most.
    ///
    /// @throws FeedRefused when there is none to be had
    String fetch() throws FeedRefused, InterruptedException;

    /// For a feed that has none.
    static SnapshotSource none() {
        return () -> {
            throw new FeedRefused(FeedRefused.Reason.UNREACHABLE);
        };
    }
}
