package dev.postern.auditing.retention;

import dev.postern.audit.root.RootEntry;
import dev.postern.audit.root.RootState;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// Tells from the log's own weeks whether the clock may have jumped: there is a shard for each week in which the
/// service ran, so a gap of more than three weeks is an outage, or a wrong clock. Whoever keeps the service has a day
/// to
/// find out which, and a clock that was set right is believed at once.
///
/// Guarantee: a clock that is set more than four weeks ahead ends nothing within a day of the first event that it
/// dates.
/// Not guaranteed: anything of smaller jumps, and of one that nobody notices within the day.
final class ClockDoubt {
    private static final Duration NOTICE = Duration.ofDays(1);
    /// From the first day of a week to that of one after a gap, at most.
    private static final long DAYS = 28;

    private ClockDoubt() {}

    static boolean is(RootState state, Instant now) {
        List<String> shards = List.copyOf(state.shards());
        if (shards.isEmpty()) {
            return false;
        }
        LocalDate newest = RootEntry.firstDay(shards.getLast());
        if (isGap(newest, LocalDate.ofInstant(now, ZoneOffset.UTC))) {
            return true;
        }
        return shards.size() > 1
                && isGap(RootEntry.firstDay(shards.get(shards.size() - 2)), newest)
                && state.shard(shards.getLast())
                        .opened()
                        .filter(opened -> !now.isBefore(opened) && now.isBefore(opened.plus(NOTICE)))
                        .isPresent();
    }

    private static boolean isGap(LocalDate from, LocalDate to) {
        return ChronoUnit.DAYS.between(from, to) > DAYS;
    }
}
