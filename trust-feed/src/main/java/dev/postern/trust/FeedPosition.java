package dev.postern.trust;

import java.util.Comparator;
import java.util.Optional;

/// A place in a feed, and the id of its entry in Redis: `generation-seq`, which Redis orders the same way.
///
/// @param generation grows when Redis has lost the feed; milliseconds of its start
/// @param seq without gaps within a generation, from 1
record FeedPosition(long generation, long seq) implements Comparable<FeedPosition> {
    /// Before everything.
    static final FeedPosition START = new FeedPosition(0, 0);

    private static final Comparator<FeedPosition> ORDER =
            Comparator.comparingLong(FeedPosition::generation).thenComparingLong(FeedPosition::seq);

    FeedPosition {
        if (generation < 0 || seq < 0) {
            throw new IllegalArgumentException("positions count up from 0");
        }
    }

    FeedPosition next() {
        return new FeedPosition(generation, seq + 1);
    }

    boolean isBefore(FeedPosition other) {
        return compareTo(other) < 0;
    }

    @Override
    public int compareTo(FeedPosition other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return generation + "-" + seq;
    }

    /// Nothing for what is no position: Redis holds whatever somebody wrote there.
    static Optional<FeedPosition> parse(String text) {
        int hyphen = text.indexOf('-');
        try {
            return hyphen < 1
                    ? Optional.empty()
                    : Optional.of(new FeedPosition(
                            Long.parseLong(text, 0, hyphen, 10), Long.parseLong(text, hyphen + 1, text.length(), 10)));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
