package dev.postern.auditing.index;

import java.util.List;

/// An index at one moment, whatever is written into it meanwhile. For one thread at a time.
///
/// Not guaranteed: room on the disk, and a bound on open files. The store keeps everything that was written or removed
/// since, and every day has a file open, until this is closed.
///
/// @param end   the place it had followed the log to
/// @param days  oldest first
record IndexSnapshot(long end, List<DaySnapshot> days, IndexStore.Moment moment) implements AutoCloseable {
    @Override
    public void close() {
        moment.close();
    }
}
