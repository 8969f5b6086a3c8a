package dev.postern.auditing.index;

import dev.postern.audit.EventQuery;
import dev.postern.auditing.epoch.Epoch;
import dev.postern.auditing.epoch.EpochKeys;
import dev.postern.auditing.epoch.IndexKey;
import dev.postern.auditing.index.DayWriter.Extent;
import dev.postern.auditing.shard.Position;
import dev.postern.kms.KeyManagementException;
import dev.postern.kms.KeyManagementException.Reason;
import dev.postern.tlog.tree.Hash;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedSet;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where events are: each UTC day by itself in an [IndexStore], which can be removed at any time and comes back from
/// the log.
///
/// Guarantee: a day whose keys were destroyed answers nothing from that moment on, and is removed within half a minute
/// of its store letting it. Memory does not grow with the log: a fixed number of files, or of connections, is open,
/// except while every day is compared. Failure direction: closed; while a part is being rebuilt, nothing is answered
/// ([IndexIncomplete]), as "there is no such event" would make an event be taken twice.
/// Not guaranteed: that a flipped bit which the store does not notice is found; a rebuild repairs it.
///
/// Reading is for any thread; [#apply], [#tidy] and the cursor are for the follower.
public final class EventIndex implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(EventIndex.class.getName());
    private static final Epoch CLEAR = new Epoch(0);
    private static final int OPEN_FILES = 32;
    private static final long LEFT_ALONE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final IndexStore store;
    private final EpochKeys keys;
    private final LongSupplier nanos;
    private final NavigableMap<Epoch, DayIndex> days = new ConcurrentSkipListMap<>();
    private final SequencedSet<DayIndex> inUse = new LinkedHashSet<>();
    private volatile boolean whole;
    /// How often a damaged day was taken out, or another index' day in.
    private final AtomicInteger takenOut = new AtomicInteger();

    private @Nullable DayWriter writer;
    private @Nullable DayIndex writing;
    // Followed while there was no day to note it in.
    private Stretch skipped = Stretch.NONE;
    // Days that could not be removed, and when that is tried again.
    private final Map<Epoch, Long> leftAlone = new HashMap<>();

    private EventIndex(IndexStore store, EpochKeys keys, LongSupplier nanos) {
        this.store = store;
        this.keys = keys;
        this.nanos = nanos;
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
        List<Epoch> found = store.days();
        for (Epoch epoch : found) {
            Optional<IndexKey> key = index.key(epoch);
            Optional<DayIndex> day = key.isEmpty()
                    ? Optional.empty()
                    : DayIndex.open(epoch, store.day(epoch), key.get(), epoch.equals(found.getLast()));
            if (day.isPresent()) {
                index.take(day.get());
            } else {
                store.day(epoch).delete();
            }
        }
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

    private Optional<IndexKey> key(Epoch epoch) {
        if (epoch.equals(CLEAR)) {
            return Optional.of(IndexKey.ofClearLeaves());
        }
        try {
            return keys.index(epoch);
        } catch (KeyManagementException e) {
            if (e.reason() == Reason.NOT_AUTHENTIC) {
                // The file of a day that never was here. Where there are leaves of it, opening those says so.
                return Optional.empty();
            }
            throw e;
        }
    }

    private void take(DayIndex day) {
        days.put(day.epoch(), day);
        keys.sealsFrom(day.epoch());
    }

    /// The place of an event.
    ///
    /// @throws IndexIncomplete when it cannot be told right now
    public Optional<Position> find(EventName name) throws IOException {
        OptionalLong sequence = name.sequence();
        if (sequence.isEmpty()) {
            return Optional.empty();
        }
        return read(days -> {
            for (DayIndex day : days.reversed()) {
                OptionalLong place = use(day).ask(
                                reader -> reader.find(name.source(), name.spool(), sequence.getAsLong(), name.id()));
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
        return read(days -> {
            long highest = 0;
            for (DayIndex day : days) {
                highest = Math.max(highest, use(day).ask(reader -> reader.highest(source, spool)));
            }
            return highest;
        });
    }

    /// Events, newest first.
    ///
    /// @throws IndexIncomplete when it cannot be told right now
    public IndexPage search(IndexQuery query) throws IOException {
        return read(days -> {
            List<DayIndex> searched = new ArrayList<>(days);
            searched.sort(Comparator.comparingLong(EventIndex::last).reversed());
            DaySearch search = new DaySearch(query);
            for (DayIndex day : searched) {
                if (day.extent().isPresent() && search.mayBeIn(day)) {
                    search.in(use(day));
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
        return read(days -> {
            Tally tally = Tally.NONE;
            for (DayIndex day : days) {
                Optional<long[]> counted = day.askApart(reader -> reader.tally(DaySearch.tokens(reader, terms)));
                if (counted.isPresent()) {
                    long[] found = counted.get();
                    tally = tally.and(Tally.of(
                            found[0],
                            Instant.ofEpochMilli(day.midnight() + found[1]),
                            Instant.ofEpochMilli(day.midnight() + found[2])));
                }
            }
            return tally;
        });
    }

    private interface Reading<T> {
        T of(List<DayIndex> days) throws IOException;
    }

    /// An answer from all days, none of which was taken out as damaged, or replaced, since they were listed: of an
    /// event in that one, the others would say that there is none.
    private <T> T read(Reading<T> reading) throws IOException {
        int before = takenOut.get();
        T answer = reading.of(readable());
        if (takenOut.get() != before) {
            throw new IndexIncomplete();
        }
        return answer;
    }

    /// The days that may be read, oldest first: not those whose keys were destroyed or whose events are gone.
    private List<DayIndex> readable() throws IndexIncomplete {
        if (!whole) {
            throw new IndexIncomplete();
        }
        return days.values().stream()
                .filter(day -> key(day.epoch()).isPresent() && !day.isGone())
                .toList();
    }

    /// The days it has.
    Set<Epoch> epochs() {
        return Set.copyOf(days.keySet());
    }

    /// Whether the keys of a day are there.
    boolean isReadable(Epoch epoch) {
        return key(epoch).isPresent();
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
            for (DayIndex day : readable()) {
                if (!isBefore(day, start)) {
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
        DayIndex day = days.get(epoch);
        return day == null ? Optional.empty() : Optional.of(day.connection());
    }

    /// Takes a day of another index in place of the one that is there, for the follower. What came since is
    /// followed again, and until then nothing is answered.
    ///
    /// @param other  closed
    /// @return whether it did: else the day has to be made anew
    boolean adopt(Epoch epoch, EventIndex other) throws IOException {
        Optional<IndexKey> key = key(epoch);
        if (key.isEmpty()) {
            return false;
        }
        whole = false;
        // Who is about to read the day may read the other one, which lacks what came since.
        var _ = takenOut.incrementAndGet();
        DayIndex before = days.get(epoch);
        if (before != null) {
            // It is made anew if this fails midway.
            before.markDamaged();
            remove(before);
        }
        if (!other.store.day(epoch).moveTo(store.day(epoch))) {
            return false;
        }
        Optional<DayIndex> day = DayIndex.open(epoch, store.day(epoch), key.get(), false);
        day.ifPresent(this::take);
        return day.isPresent();
    }

    /// Has a day made anew: it answers nothing until that is done.
    void distrust(Epoch epoch) {
        DayIndex day = days.get(epoch);
        if (day != null) {
            day.markDamaged();
        }
    }

    /// Of the files that are read, only the last ones stay open.
    private DayIndex use(DayIndex day) {
        List<DayIndex> idle = new ArrayList<>();
        synchronized (inUse) {
            inUse.addLast(day);
            while (inUse.size() > OPEN_FILES) {
                idle.add(inUse.removeFirst());
            }
        }
        idle.forEach(DayIndex::release);
        return day;
    }

    /// Removes what is damaged, of destroyed keys, or of shards that are gone.
    ///
    /// @param start  the oldest place in the log
    void tidy(long start) throws IOException {
        for (DayIndex day : List.copyOf(days.values())) {
            boolean shredded = key(day.epoch()).isEmpty();
            if (day.isDamaged()) {
                whole = false;
                var _ = takenOut.incrementAndGet();
                remove(day);
            } else if (shredded || (isBefore(day, start) && days.size() > 1)) {
                removeWithItsEvents(day);
            }
        }
    }

    /// Who reads it for a comparison may hold this up for a second, and that shall not hold up what is to be followed:
    /// it is left alone for a while then.
    private void removeWithItsEvents(DayIndex day) throws IOException {
        Long due = leftAlone.get(day.epoch());
        long now = nanos.getAsLong();
        if (due != null && now - due < 0) {
            return;
        }
        try {
            remove(day);
        } catch (IOException e) {
            if (due == null) {
                LOG.log(System.Logger.Level.WARNING, "the audit index of " + day.epoch() + " cannot be removed yet", e);
            }
            leftAlone.put(day.epoch(), now + LEFT_ALONE_NANOS);
            return;
        }
        leftAlone.remove(day.epoch());
        LOG.log(System.Logger.Level.INFO, "the audit index of {0} is removed with its events", day.epoch());
        note(day.followed());
    }

    /// The marks between two shards are followed with the day before them: what counts are its events.
    private static boolean isBefore(DayIndex day, long start) {
        return day.extent().isPresent() ? last(day) < start : day.followed().to() <= start;
    }

    /// What cannot be removed right now stays, closed, for the next time.
    private void remove(DayIndex day) throws IOException {
        synchronized (inUse) {
            inUse.remove(day);
        }
        if (day.equals(writing)) {
            closeWriter();
        }
        day.delete();
        days.remove(day.epoch());
    }

    /// The stretches of the log that were followed, oldest first.
    List<Stretch> followed() {
        return Stream.concat(days.values().stream().map(DayIndex::followed), Stream.of(skipped))
                .sorted(Comparator.comparingLong(Stretch::from))
                .toList();
    }

    /// Removes what has followed another log than this one.
    ///
    /// @param leaf  the hash of the leaf before a place, if there is one
    void retain(Leaves leaf) throws IOException {
        for (DayIndex day : List.copyOf(days.values())) {
            Stretch followed = day.followed();
            if (followed.from() < followed.to() && !leaf.isBefore(followed.to(), followed.head())) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "the audit index of {0} is of another log: it is made anew",
                        day.epoch());
                remove(day);
            }
        }
    }

    /// Knows the log's leaves.
    @FunctionalInterface
    interface Leaves {
        /// Whether the leaf before a place has this hash.
        boolean isBefore(long place, Hash leaf) throws IOException;
    }

    /// Tells that everything was followed, so that what is not here is nowhere.
    void isWhole() {
        whole = true;
    }

    /// Takes in a stretch of the log in one transaction.
    ///
    /// @param epoch   whose events these are; irrelevant when there are none
    /// @param events  those of the stretch that can be read
    void apply(Epoch epoch, List<IndexedEvent> events, Stretch stretch) throws IOException {
        if (events.isEmpty()) {
            note(stretch);
            return;
        }
        DayIndex day = day(epoch, stretch.from());
        boolean joins = day.followed().touches(stretch);
        write(day, events, joins ? stretch : day.followed());
        if (!joins) {
            // A clock went back over midnight: the stretch lies amid another day's.
            note(stretch);
        }
    }

    private DayIndex day(Epoch epoch, long from) throws IOException {
        DayIndex known = days.get(epoch);
        if (known != null) {
            return known;
        }
        IndexKey key = key(epoch).orElseThrow(IndexIncomplete::new);
        boolean oldest = days.headMap(epoch).isEmpty() && skipped.to() == from && skipped.from() < from;
        try {
            DayIndex made = DayIndex.create(
                    epoch, store.day(epoch), key, oldest ? skipped : new Stretch(from, from, Hash.EMPTY));
            take(made);
            return made;
        } catch (SQLException e) {
            throw new IndexIncomplete(e);
        }
    }

    /// Notes a stretch without events in the day before it, or after it.
    private void note(Stretch stretch) throws IOException {
        Collection<DayIndex> known = days.values();
        Optional<DayIndex> beside = known.stream()
                .filter(day -> day.followed().from() <= stretch.from()
                        && stretch.from() <= day.followed().to())
                .findFirst()
                .or(() -> known.stream()
                        .filter(day -> day.followed().from() == stretch.to())
                        .findFirst());
        if (beside.isPresent()) {
            write(beside.get(), List.of(), stretch);
        } else {
            skipped = skipped.to() == stretch.from() ? skipped.and(stretch) : stretch;
        }
    }

    private void write(DayIndex day, List<IndexedEvent> events, Stretch stretch) throws IOException {
        try {
            DayWriter open = writer(day);
            Optional<Extent> added = open.add(events);
            open.followed(stretch);
            open.commit();
            day.written(stretch, added);
        } catch (SQLException e) {
            // What was begun is undone; the follower goes on where the store says.
            closeWriter();
            throw day.failed(e);
        }
    }

    private DayWriter writer(DayIndex day) throws SQLException, IndexIncomplete {
        DayWriter open = writer;
        if (open == null || !day.equals(writing)) {
            closeWriter();
            if (!day.holdsWhatWasFollowed()) {
                whole = false;
                throw new IndexIncomplete();
            }
            open = day.writer();
            writer = open;
            writing = day;
        }
        return open;
    }

    private void closeWriter() {
        DayWriter open = writer;
        writer = null;
        writing = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                LOG.log(System.Logger.Level.WARNING, "an audit index was not closed in order", e);
            }
        }
    }

    @Override
    public void close() {
        whole = false;
        closeWriter();
        days.values().forEach(DayIndex::close);
    }
}
