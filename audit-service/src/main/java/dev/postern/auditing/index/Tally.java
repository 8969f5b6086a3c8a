package dev.postern.auditing.index;

import java.time.Instant;
import java.util.Optional;

/// How many events there are of a kind, and when the first and the last of them happened.
public record Tally(long count, Optional<Instant> first, Optional<Instant> last) {
    /// Of nothing.
    public static final Tally NONE = new Tally(0, Optional.empty(), Optional.empty());

    static Tally of(long count, Instant first, Instant last) {
        return new Tally(count, Optional.of(first), Optional.of(last));
    }

    Tally and(Tally other) {
        if (count == 0 || other.count == 0) {
            return count == 0 ? other : this;
        }
        Instant earliest = first.filter(one -> other.first.filter(one::isAfter).isEmpty())
                .or(other::first)
                .orElseThrow();
        Instant latest = last.filter(one -> other.last.filter(one::isBefore).isEmpty())
                .or(other::last)
                .orElseThrow();
        return of(count + other.count, earliest, latest);
    }
}
