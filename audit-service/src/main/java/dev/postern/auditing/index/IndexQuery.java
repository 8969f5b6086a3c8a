package dev.postern.auditing.index;

import dev.postern.audit.EventQuery;
import dev.postern.auditing.shard.Position;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// Which events are wanted, newest first.
///
/// @param terms   all of them must be met; none for every event
/// @param since   happened at this time or later
/// @param until   happened before this time
/// @param before  only events before this place in the log
/// @param limit   at most so many
public record IndexQuery(
        Set<EventQuery.Term> terms,
        Optional<Instant> since,
        Optional<Instant> until,
        Optional<Position> before,
        int limit) {
    public IndexQuery {
        terms = Set.copyOf(terms);
        if (limit < 1) {
            throw new IllegalArgumentException("a query asks for at least one event");
        }
    }

    /// Every event of these terms.
    public static IndexQuery of(Set<EventQuery.Term> terms, int limit) {
        return new IndexQuery(terms, Optional.empty(), Optional.empty(), Optional.empty(), limit);
    }

    /// The same, further back.
    public IndexQuery before(Position place) {
        return new IndexQuery(terms, since, until, Optional.of(place), limit);
    }
}
