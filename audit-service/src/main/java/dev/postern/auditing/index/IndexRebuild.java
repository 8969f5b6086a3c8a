package dev.postern.auditing.index;

import dev.postern.auditing.epoch.Epoch;
import dev.postern.auditing.epoch.SealedLeaves;
import dev.postern.auditing.index.DayComparison.Difference;
import dev.postern.auditing.index.RebuildReport.State;
import dev.postern.auditing.shard.PublishedShard;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Rebuilds the whole index beside the live one, from the log alone, and compares every row of the two.
///
/// Guarantee: `EQUAL` means that at one moment the live index held, for every day whose keys are there, exactly what
/// the log says, from the log's oldest shard up to the place the index had followed. The log is written and asked
/// meanwhile. A day that differs is replaced by what was rebuilt, or made anew where that cannot be; until what came
/// since is in it, nothing is answered ([IndexIncomplete]).
/// Not guaranteed: that the log is what it was: that is what `audit verify` is for.
///
/// One at a time, on a thread of its own. What it builds is removed in the end, or at the next start.
public final class IndexRebuild implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(IndexRebuild.class.getName());
    private static final int PATIENCE_SECONDS = 60;

    private final EventIndex live;
    private final IndexFollower follower;
    private final SealedLeaves leaves;
    private final PublishedLog log;
    private @Nullable Thread thread;
    private volatile boolean closed;
    private volatile Run latest = Run.NONE;

    public IndexRebuild(EventIndex live, IndexFollower follower, SealedLeaves leaves, PublishedLog log) {
        this.live = live;
        this.follower = follower;
        this.leaves = leaves;
        this.log = log;
    }

    /// One rebuild. Written by its thread alone.
    private static final class Run {
        static final Run NONE = new Run(RebuildReport.NONE);

        private final long began = System.nanoTime();
        private volatile RebuildReport report;

        Run(RebuildReport report) {
            this.report = report;
        }

        boolean isUnderWay() {
            return switch (report.state()) {
                case READING, COMPARING -> true;
                case NONE, EQUAL, DIFFERENT, FAILED -> false;
            };
        }

        RebuildReport report() {
            RebuildReport last = report;
            return isUnderWay() ? timed(last) : last;
        }

        void end(RebuildReport found) {
            report = timed(found);
        }

        void fail(String why) {
            end(report.failed(why));
        }

        private RebuildReport timed(RebuildReport last) {
            return last.after(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
        }
    }

    /// Stops a rebuild whose service stops.
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /// Begins one.
    ///
    /// @return whether it did: not while one is under way
    public synchronized boolean start() {
        if (closed || latest.isUnderWay()) {
            return false;
        }
        Run run = new Run(RebuildReport.reading(leaves()));
        latest = run;
        Thread begun = Thread.ofPlatform().daemon().name("audit-index-rebuild").unstarted(() -> run(run));
        thread = begun;
        begun.start();
        return true;
    }

    /// Of the latest one.
    public RebuildReport report() {
        return latest.report();
    }

    /// Waits until none is under way.
    ///
    /// @return the report of the latest one
    public RebuildReport await() throws InterruptedException {
        Thread running;
        synchronized (this) {
            running = thread;
        }
        if (running != null) {
            running.join();
        }
        return report();
    }

    private long leaves() {
        long leaves = 0;
        for (PublishedShard shard : log.shards().values()) {
            try {
                leaves += shard.checkpoint().checkpoint().size();
            } catch (IOException _) {
                // The rebuild itself will say so.
            }
        }
        return leaves;
    }

    private void run(Run run) {
        try {
            run.end(compared(run));
            LOG.log(
                    run.report.state() == State.EQUAL ? System.Logger.Level.INFO : System.Logger.Level.ERROR,
                    "the audit index was rebuilt beside the live one: {0}",
                    run.report);
        } catch (Stopped _) {
            run.fail("The service stopped meanwhile: ask again.");
        } catch (IOException | SQLException | RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "the audit index could not be rebuilt beside the live one", e);
            run.fail("The log, the disk or the database failed, or shards were deleted meanwhile: see the log of the"
                    + " audit-service, and ask again.");
        } catch (TimeoutException _) {
            run.fail("The live index is far behind the log: ask again once it has caught up.");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            if (run.isUnderWay()) {
                run.fail("It broke off: see the log of the audit-service, and ask again.");
            }
        }
    }

    private RebuildReport compared(Run run) throws IOException, SQLException, InterruptedException, TimeoutException {
        long start = log.start();
        EventIndex rebuilt = live.beside();
        try (IndexFollower reader = new IndexFollower(rebuilt, leaves, log, events -> read(run, events.size()))) {
            // All but what comes meanwhile; that is little, and the snapshot does not have to wait for the rest.
            reader.catchUp();
            try (IndexSnapshot snapshot = settled(end -> live.snapshot(start, end))) {
                reader.followTo(snapshot.end());
                compare(run, rebuilt, snapshot, start);
            }
            if (log.start() != start) {
                throw new IOException("shards were deleted while the audit index was rebuilt");
            }
            rebuilt.close();
            mend(run.report.different(), rebuilt);
            return run.report.with(run.report.different().isEmpty() ? State.EQUAL : State.DIFFERENT);
        } finally {
            remove(rebuilt);
        }
    }

    private void stopIfClosed() {
        if (closed) {
            throw new Stopped();
        }
    }

    private void read(Run run, int events) {
        stopIfClosed();
        run.report = run.report.withRead(events);
    }

    private <T> T settled(IndexFollower.Look<T> look) throws IOException, InterruptedException, TimeoutException {
        CompletableFuture<T> seen = follower.settled(look);
        try {
            for (int waited = 0; waited < PATIENCE_SECONDS; waited++) {
                try {
                    return seen.get(1, TimeUnit.SECONDS);
                } catch (TimeoutException _) {
                    if (closed) {
                        break;
                    }
                }
            }
            if (!seen.cancel(false)) {
                // It came just now.
                return seen.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("the live index cannot be looked at", e);
        } finally {
            seen.cancel(false);
        }
        stopIfClosed();
        throw new TimeoutException();
    }

    private void compare(Run run, EventIndex rebuilt, IndexSnapshot snapshot, long start) throws SQLException {
        run.report = run.report.with(State.COMPARING);
        TreeSet<Epoch> missing = new TreeSet<>(rebuilt.epochs());
        for (DaySnapshot day : snapshot.days()) {
            missing.remove(day.epoch());
            // Else shredded meanwhile.
            if (live.isReadable(day.epoch())) {
                Optional<Difference> found = difference(day, rebuilt, start);
                run.report = run.report.withDay();
                found.ifPresent(one -> run.report = run.report.with(day.epoch(), one));
            }
        }
        for (Epoch day : missing) {
            if (live.isReadable(day)) {
                run.report = run.report.with(day, Difference.missing(true));
            }
        }
    }

    private Optional<Difference> difference(DaySnapshot day, EventIndex rebuilt, long start) throws SQLException {
        Optional<Connection> expected = rebuilt.connection(day.epoch());
        if (expected.isEmpty()) {
            return Optional.of(Difference.missing(false));
        }
        try (Connection wanted = expected.get()) {
            Optional<Connection> grown = day.connection();
            return grown.isEmpty()
                    ? Optional.of(Difference.unreadable())
                    : new DayComparison(grown.get(), wanted, start, day::isAtFault, this::stopIfClosed).first();
        }
    }

    /// What differs is replaced by what was rebuilt, between two batches of the live index; what cannot be is made
    /// anew.
    private void mend(List<String> different, EventIndex rebuilt) throws InterruptedException {
        List<Epoch> days =
                different.stream().map(LocalDate::parse).map(Epoch::of).toList();
        if (days.isEmpty()) {
            return;
        }
        try {
            var _ = settled(_ -> {
                days.forEach(day -> replace(day, rebuilt));
                return days;
            });
        } catch (IOException | TimeoutException | Stopped e) {
            LOG.log(System.Logger.Level.WARNING, "the audit index of " + days + " is made anew", e);
            days.forEach(live::distrust);
        }
        follower.signal();
    }

    private void replace(Epoch day, EventIndex rebuilt) {
        try {
            if (rebuilt.epochs().contains(day) && live.writer().adopt(day, rebuilt.tables(day))) {
                return;
            }
        } catch (IOException | RuntimeException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the audit index of " + day + " cannot be replaced and is made anew",
                    e);
        }
        live.distrust(day);
    }

    private static void remove(EventIndex rebuilt) {
        try {
            rebuilt.remove();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "what was rebuilt of the audit index is removed by the next one", e);
        }
    }

    /// Ends what is under way.
    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            closed = true;
            running = thread;
        }
        boolean interrupted = false;
        while (running != null && running.isAlive()) {
            try {
                running.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
