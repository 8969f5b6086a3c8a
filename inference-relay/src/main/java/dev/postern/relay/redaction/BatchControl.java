package dev.postern.relay.redaction;

import java.time.Duration;

/// How many items a batch of one lane may have: additive increase, multiplicative decrease, as Clipper sizes its
/// batches (Crankshaw et al., NSDI '17, section 4.3).
///
/// Once an interval, by what was seen in it:
///
/// | seen | the limit |
/// |---|---|
/// | more than 1 % of the large batches, and at least two, took longer than the target | falls by a quarter |
/// | most batches were full and left more than another full one behind | grows by four |
/// | no batch was more than half full | falls by a quarter: nobody needs it |
/// | anything else | stays |
///
/// Clipper grows until a batch takes too long. Here it grows only while items wait, because a batch that is larger than
/// it need be holds back the replies to its first items for nothing.
///
/// It does not swing: depth is told relative to the limit, so that growing takes the reason to grow away; what is
/// half full at most says nothing about the limit; and a limit that took too long is not tried again for a while (the
/// plateau of TCP's CUBIC, RFC 9438), which doubles from one second to about a minute with each attempt that fails, so
/// that attempts cost less than the hundredth that the target leaves them.
///
/// Guarantee: the limit is between `least` and `most`. Non-guarantee: that batches of `least` meet the target: that is
/// the service's matter. No clock and no thread: time is an argument, in nanoseconds of any origin. Not thread-safe.
final class BatchControl {
    static final Duration INTERVAL = Duration.ofMillis(100);
    /// Fewer batches than these tell nothing, however long they took.
    static final int FEWEST = 4;
    /// For how many intervals a limit that took too long is not tried again.
    static final int SHORTEST_MEMORY = 10;
    static final int LONGEST_MEMORY = 640;
    private static final int STEP = 4;

    /// What the limit did when it was last looked at.
    enum Change {
        NONE,
        GREW,
        /// The target was missed.
        SHRANK,
        /// It was not needed.
        RELAXED
    }

    private final int least;
    private final int most;
    private final long target;
    private int limit;
    /// The lowest limit that is known to take too long, until it is forgotten; and the last one of those.
    private int tooMuch;
    private int lastTooMuch;
    private int remembered;
    private int memory = SHORTEST_MEMORY / 2;
    private long since;
    private boolean begun;
    private int left;
    private int crowded;
    private int largest;
    private int answered;
    private int judged;
    private int late;

    /// @param target what 99 of 100 batches should take at most
    BatchControl(int least, int most, Duration target) {
        this.least = least;
        this.most = most;
        this.target = target.toNanos();
        this.limit = least;
        this.tooMuch = most + 1;
        this.lastTooMuch = most + 1;
    }

    int limit() {
        return limit;
    }

    /// A batch has left.
    ///
    /// @param waiting how many items are still in the queue
    void sent(int items, int waiting) {
        left++;
        largest = Math.max(largest, items);
        if (items >= limit && waiting > limit) {
            crowded++;
        }
    }

    /// A batch has been answered.
    ///
    /// @param took what it kept the service busy, in nanoseconds
    Change answered(int items, long took, long now) {
        answered++;
        if (2 * items > limit) {
            judged++;
            if (took > target) {
                late++;
            }
        }
        if (!begun) {
            begun = true;
            since = now;
        }
        if (now - since < INTERVAL.toNanos() || answered < FEWEST) {
            return Change.NONE;
        }
        Change change = decide();
        since = now;
        left = 0;
        crowded = 0;
        largest = 0;
        answered = 0;
        judged = 0;
        late = 0;
        return change;
    }

    private Change decide() {
        if (remembered > 0 && --remembered == 0) {
            tooMuch = most + 1;
        }
        int before = limit;
        Change change = Change.NONE;
        if (late >= 2 && late * 100 > judged) {
            if (tooMuch > most) {
                memory = Math.min(2 * memory, LONGEST_MEMORY);
            }
            tooMuch = limit;
            lastTooMuch = limit;
            remembered = memory;
            limit = smaller();
            return before == limit ? Change.NONE : Change.SHRANK;
        }
        if (judged > 0 && limit >= lastTooMuch) {
            // The service is better than it was.
            lastTooMuch = most + 1;
            memory = SHORTEST_MEMORY / 2;
        }
        if (2 * crowded > left) {
            limit = Math.max(limit, Math.min(Math.min(limit + STEP, most), tooMuch - 1));
            change = Change.GREW;
        } else if (2 * largest <= limit) {
            limit = smaller();
            change = Change.RELAXED;
        }
        return limit == before ? Change.NONE : change;
    }

    private int smaller() {
        return Math.max(least, Math.min(limit - 1, limit * 3 / 4));
    }
}
