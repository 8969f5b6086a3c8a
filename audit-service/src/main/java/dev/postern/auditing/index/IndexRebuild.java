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
import java.util.ArrayList;
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
/// the log says, up to the place the index had followed. The log is written and asked meanwhile. A day that differs is
/// replaced by what was rebuilt; until what came since is in it, nothing is answered ([IndexIncomplete]).
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
        static final Run NONE = new Run();

        private final long began = System.nanoTime();
        private volatile RebuildReport report = RebuildReport.NONE;

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

        private RebuildReport timed(RebuildReport last) {
            return new RebuildReport(
                    last.state(),
                    last.entries(),
                    last.of(),
                    last.days(),
                    last.different(),
                    last.difference(),
                    last.failure(),
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
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
        Run run = new Run();
        run.report = new RebuildReport(State.READING, 0, leaves(), 0, List.of(), null, null, 0);
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
            run.report = compared(run);
            LOG.log(
                    run.report.state() == State.EQUAL ? System.Logger.Level.INFO : System.Logger.Level.ERROR,
                    "the audit index was rebuilt beside the live one: {0}",
                    run.report);
        } catch (Stopped _) {
            end(run, State.FAILED, "The service stopped meanwhile: ask again.");
        } catch (IOException | SQLException | RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "the audit index could not be rebuilt beside the live one", e);
            end(
                    run,
                    State.FAILED,
                    "The log, the disk or the database failed, or shards were deleted meanwhile: see the log of"
                            + " the audit-service, and ask again.");
        } catch (TimeoutException _) {
            end(run, State.FAILED, "The live index is far behind the log: ask again once it has caught up.");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void end(Run run, State state, String failure) {
        RebuildReport last = run.timed(run.report);
        run.report = new RebuildReport(
                state,
                last.entries(),
                last.of(),
                last.days(),
                last.different(),
                last.difference(),
                failure,
                last.milliseconds());
    }

    private RebuildReport compared(Run run) throws IOException, SQLException, InterruptedException, TimeoutException {
        EventIndex rebuilt = live.beside();
        try (IndexFollower reader = new IndexFollower(rebuilt, leaves, log, events -> read(run, events.size()))) {
            // All but what comes meanwhile; that is little, and the snapshots do not have to wait for the rest.
            reader.catchUp();
            RebuildReport report;
            try (Snapshots snapshots = snapshots()) {
                reader.followTo(snapshots.end());
                report = compare(run, rebuilt, snapshots);
            }
            rebuilt.close();
            mend(report, rebuilt);
            return report;
        } finally {
            rebuilt.remove();
        }
    }

    private void stopIfClosed() {
        if (closed) {
            throw new Stopped();
        }
    }

    private void read(Run run, int events) {
        stopIfClosed();
        RebuildReport last = run.report;
        run.report = new RebuildReport(
                State.READING, last.entries() + events, last.of(), 0, List.of(), null, null, last.milliseconds());
    }

    /// The live index at one moment.
    ///
    /// @param end the place it had followed the log to
    private record Snapshots(long end, List<DaySnapshot> days) implements AutoCloseable {
        @Override
        public void close() throws SQLException {
            for (DaySnapshot day : days) {
                day.close();
            }
        }
    }

    private Snapshots snapshots() throws IOException, InterruptedException, TimeoutException {
        return settled(end -> new Snapshots(end, live.snapshots()));
    }

    private <T> T settled(IndexFollower.Look<T> look) throws IOException, InterruptedException, TimeoutException {
        CompletableFuture<T> seen = follower.settled(look);
        for (int waited = 0; waited < PATIENCE_SECONDS; waited++) {
            try {
                return seen.get(1, TimeUnit.SECONDS);
            } catch (TimeoutException _) {
                if (closed) {
                    break;
                }
            } catch (ExecutionException e) {
                throw new IOException("the live index cannot be looked at", e);
            }
        }
        seen.cancel(false);
        stopIfClosed();
        throw new TimeoutException();
    }

    private RebuildReport compare(Run run, EventIndex rebuilt, Snapshots snapshots) throws IOException, SQLException {
        RebuildReport last = run.report;
        int days = 0;
        List<String> different = new ArrayList<>();
        @Nullable Difference first = null;
        for (DaySnapshot day : snapshots.days()) {
            run.report = new RebuildReport(
                    State.COMPARING, last.entries(), last.of(), days, different, first, null, last.milliseconds());
            if (!live.isReadable(day.epoch())) {
                // Shredded meanwhile.
                continue;
            }
            days++;
            Optional<Difference> found = difference(day, rebuilt);
            if (found.isPresent()) {
                first = first == null ? found.get() : first;
                different.add(day.epoch().toString());
            }
        }
        TreeSet<Epoch> missing = new TreeSet<>(rebuilt.epochs());
        snapshots.days().forEach(day -> missing.remove(day.epoch()));
        for (Epoch epoch : missing) {
            if (live.isReadable(epoch)) {
                first = first == null ? Difference.missing(true) : first;
                different.add(epoch.toString());
            }
        }
        return run.timed(new RebuildReport(
                different.isEmpty() ? State.EQUAL : State.DIFFERENT,
                last.entries(),
                last.of(),
                days,
                different,
                first,
                null,
                0));
    }

    /// What differs is replaced by what was rebuilt, between two batches of the live index.
    private void mend(RebuildReport report, EventIndex rebuilt)
            throws IOException, InterruptedException, TimeoutException {
        if (report.different().isEmpty()) {
            return;
        }
        var _ = settled(_ -> {
            for (String day : report.different()) {
                Epoch epoch = Epoch.of(LocalDate.parse(day));
                if (!rebuilt.epochs().contains(epoch) || !live.adopt(epoch, rebuilt)) {
                    live.distrust(epoch);
                }
            }
            return report;
        });
        follower.signal();
    }

    private Optional<Difference> difference(DaySnapshot day, EventIndex rebuilt) throws SQLException {
        Optional<Connection> expected = rebuilt.connection(day.epoch());
        if (expected.isEmpty()) {
            return Optional.of(Difference.missing(false));
        }
        try (Connection wanted = expected.get()) {
            Optional<Connection> grown = day.connection();
            return grown.isEmpty()
                    ? Optional.of(Difference.unreadable())
                    : new DayComparison(grown.get(), wanted, day::isAway, this::stopIfClosed).first();
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
