package dev.postern.auditing.index;

import dev.postern.audit.EventQuery;
import dev.postern.auditing.epoch.Epoch;
import dev.postern.auditing.epoch.EpochKeys;
import dev.postern.auditing.index.DayWriter.Extent;
import dev.postern.auditing.shard.Position;
import dev.postern.kms.KeyManagementException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/// Where events are: each UTC day by itself in an [IndexStore], which can be removed at any time and comes back from
/// the log.
///
/// Guarantee: a day whose keys were destroyed answers nothing from that moment on, and is removed within half a minute
/// of its store letting it. Memory does not grow with the log: a fixed number of files, or of connections, is open,
/// except while every day is compared. Failure direction: closed; while a part is being rebuilt, nothing is answered
/// ([IndexIncomplete]), as "there is no such event" would make an event be taken twice.
/// Not guaranteed: that a flipped bit which the store does not notice is found; a rebuild repairs it.
///
/// For any thread; its [IndexWriter] is for the follower.
public final class EventIndex implements AutoCloseable {
    private final IndexStore store;
    private final EpochKeys keys;
    private final LongSupplier nanos;
    private final IndexDays days;
    private final IndexWriter writer;

    private EventIndex(IndexStore store, EpochKeys keys, LongSupplier nanos) {
        this.store = store;
        this.keys = keys;
        this.nanos = nanos;
        this.days = new IndexDays(store, keys);
        this.writer = new IndexWriter(days, nanos);
    }

    /// Takes the days that are there; what is not one of ours is removed.
    ///
    /// @param store  stays the caller's to close
    /// @throws KeyManagementException when the keys of a day cannot be asked for
    public static EventIndex open(IndexStore store, EpochKeys keys) throws IOException {
        return open(store, keys, System::nanoTime);
    }

    /// As [#open(IndexStore, EpochKeys)].
    ///
    /// @param nanos  counts nanoseconds, from anywhere
    static EventIndex open(IndexStore store, EpochKeys keys, LongSupplier nanos) throws IOException {
        EventIndex index = new EventIndex(store, keys, nanos);
        index.beside().remove();
        index.days.load();
        return index;
    }

    /// An empty one under the same keys, beside this one in the same store.
    EventIndex beside() throws IOException {
        EventIndex beside = new EventIndex(store.beside(), keys, nanos);
        beside.remove();
        return beside;
    }

    /// Closes it and removes all of it.
    void remove() throws IOException {
        close();
        for (Epoch epoch : store.days()) {
            store.day(epoch).delete();
        }
        store.removeEmpty();
    }

    /// The place of an event.
    ///
    /// @throws IndexIncomplete when it cannot be told right now
    public Optional<Position> find(EventName name) throws IOException {
        OptionalLong sequence = name.sequence();
        if (sequence.isEmpty()) {
            return Optional.empty();
        }
        return days.read(found -> {
            for (DayIndex day : found.reversed()) {
                OptionalLong place = days.use(day)
                        .ask(reader -> reader.find(name.source(), name.spool(), sequence.getAsLong(), name.id()));
                if (place.isPresent()) {
                    return Optional.of(Places.position(place.getAsLong()));
                }
            }
            return Optional.empty();
        });
    }

    /// The highest number of a producer's spool that is in the log; 0 when there is none.
    ///
    /// @throws IndexIncomplete when it cannot be told right now
    public long highest(String source, String spool) throws IOException {
        return days.read(found -> {
            long highest = 0;
            for (DayIndex day : found) {
                highest = Math.max(highest, days.use(day).ask(reader -> reader.highest(source, spool)));
            }
            return highest;
        });
    }

    /// Events, newest first.
    ///
    /// @throws IndexIncomplete when it cannot be told right now
    public IndexPage search(IndexQuery query) throws IOException {
        return days.read(found -> {
            List<DayIndex> searched = new ArrayList<>(found);
            searched.sort(Comparator.comparingLong(EventIndex::last).reversed());
            DaySearch search = new DaySearch(query);
            for (DayIndex day : searched) {
                if (day.extent().isPresent() && search.mayBeIn(day)) {
                    search.in(days.use(day));
                }
            }
            return search.page();
        });
    }

    private static long last(DayIndex day) {
        return day.extent().map(Extent::last).orElse(0L);
    }

    /// How many events have every term, and when. Takes time in proportion to their number.
    ///
    /// @throws IndexIncomplete when it cannot be told right now
    public Tally tally(Set<EventQuery.Term> terms) throws IOException {
        return days.read(found -> {
            Tally tally = Tally.NONE;
            for (DayIndex day : found) {
                Optional<long[]> counted = day.askApart(reader -> reader.tally(DaySearch.tokens(reader, terms)));
                if (counted.isPresent()) {
                    long[] sums = counted.get();
                    tally = tally.and(Tally.of(
                            sums[0],
                            Instant.ofEpochMilli(day.midnight() + sums[1]),
                            Instant.ofEpochMilli(day.midnight() + sums[2])));
                }
            }
            return tally;
        });
    }

    /// To bring it up to the log with, for the follower.
    IndexWriter writer() {
        return writer;
    }

    /// A day's place in the store.
    DayTables tables(Epoch epoch) {
        return days.tables(epoch);
    }

    /// The days it has.
    Set<Epoch> epochs() {
        return days.all().stream().map(DayIndex::epoch).collect(Collectors.toSet());
    }

    /// Whether the keys of a day are there.
    boolean isReadable(Epoch epoch) {
        return days.key(epoch).isPresent();
    }

    /// Every day whose keys are there and that has something of the log, as it is now; for the follower.
    ///
    /// @param start  the oldest place in the log
    /// @param end    the place it was followed to
    /// @throws IndexIncomplete when a day cannot be read, and is not at fault
    IndexSnapshot snapshot(long start, long end) throws IndexIncomplete {
        IndexStore.Moment moment = store.moment();
        List<DaySnapshot> snapshots = new ArrayList<>();
        try {
            for (DayIndex day : days.readable()) {
                if (!day.isBefore(start)) {
                    snapshots.add(day.snapshot(moment));
                }
            }
            return new IndexSnapshot(end, snapshots, moment);
        } catch (IndexIncomplete | RuntimeException e) {
            moment.close();
            throw e;
        }
    }

    /// Reads a day apart from everybody else; none if there is no such day.
    Optional<Connection> connection(Epoch epoch) throws SQLException {
        Optional<DayIndex> day = days.day(epoch);
        return day.isEmpty() ? Optional.empty() : Optional.of(day.get().connection());
    }

    /// Has a day made anew: it answers nothing until that is done.
    void distrust(Epoch epoch) {
        days.day(epoch).ifPresent(DayIndex::markDamaged);
    }

    @Override
    public void close() {
        writer.close();
        days.close();
    }
}
