package dev.postern.auditing.index;

import dev.postern.audit.EventQuery;
import dev.postern.auditing.index.DayReader.Scan;
import dev.postern.auditing.index.DayReader.Window;
import dev.postern.auditing.index.DayWriter.Extent;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One search through the days, from the newest back. For one thread.
///
/// It looks at a bounded number of candidates and then answers what it has, with the place where to go on: two terms
/// that each have a million events and no event in common cost several short answers and not one long one.
final class DaySearch {
    private static final int BUDGET = 4096;

    private final IndexQuery query;
    private final long before;
    private final List<Long> hits = new ArrayList<>();
    private int budget = BUDGET;
    // Nothing below was looked at everywhere.
    private long reached;

    DaySearch(IndexQuery query) {
        this.query = query;
        this.before = query.before().map(Places::packed).orElse(Long.MAX_VALUE);
    }

    /// Whether the answer may need this day. To be asked in the order of the days' last events, newest first.
    boolean mayBeIn(DayIndex day) {
        Extent extent = day.extent().orElseThrow();
        long midnight = day.midnight();
        return extent.last() >= reached
                && extent.first() < before
                && query.since().map(DaySearch::millis).orElse(Long.MIN_VALUE) <= extent.latest() + midnight
                && query.until().map(DaySearch::millis).orElse(Long.MAX_VALUE) > extent.earliest() + midnight;
    }

    void in(DayIndex day) throws IOException {
        long midnight = day.midnight();
        Window window = new Window(
                reached,
                before - 1,
                query.since().map(since -> millis(since) - midnight).orElse(Long.MIN_VALUE),
                query.until().map(until -> millis(until) - 1 - midnight).orElse(Long.MAX_VALUE));
        Scan scan = day.ask(
                reader -> reader.search(tokens(reader, query.terms()), window, query.limit(), Math.max(1, budget)));
        budget -= scan.seen();
        hits.addAll(scan.hits());
        reached = Math.max(reached, scan.reached().orElse(0));
        hits.sort(Collections.reverseOrder());
        if (hits.size() >= query.limit()) {
            reached = Math.max(reached, hits.get(query.limit() - 1));
        }
    }

    IndexPage page() {
        long bound = reached;
        return new IndexPage(
                hits.stream()
                        .filter(place -> place >= bound)
                        .limit(query.limit())
                        .map(Places::position)
                        .toList(),
                bound == 0 ? Optional.empty() : Optional.of(Places.position(bound)));
    }

    static List<byte[]> tokens(DayReader reader, Set<EventQuery.Term> terms) {
        return terms.stream()
                .map(term -> DayWriter.token(reader.tokens(), term))
                .toList();
    }

    /// Events' times are of whole milliseconds: a later instant within one is the next one's.
    private static long millis(Instant time) {
        long floor = time.toEpochMilli();
        return time.isAfter(Instant.ofEpochMilli(floor)) ? floor + 1 : floor;
    }
}
