package dev.postern.trust;

/// A message of the feed was not taken. It has no stack trace: whoever can write to Redis may cause many.
public final class FeedRefused extends Exception {
    /// Why; safe as a metric tag.
    public enum Reason {
        /// No answer, or not 200.
        UNREACHABLE,
        /// Not signed by the publisher.
        FORGED,
        /// Signed, but not a message that is understood here.
        MALFORMED,
        /// Says what this publisher may not say.
        NOT_ALLOWED,
        /// Of an earlier generation than one already seen.
        ROLLED_BACK,
        /// Heard before.
        REPLAYED,
        /// From another time than ours: too old to count, or from the future.
        OUT_OF_TIME,
        /// Something before it is missing.
        GAP,
        /// More revocations than can be remembered.
        FULL
    }

    private final Reason reason;

    public FeedRefused(Reason reason) {
        super(reason.name(), null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
