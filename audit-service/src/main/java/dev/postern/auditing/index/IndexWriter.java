package dev.postern.auditing.index;

import dev.postern.auditing.epoch.Epoch;
import dev.postern.auditing.epoch.IndexKey;
import dev.postern.auditing.index.DayWriter.Extent;
import dev.postern.tlog.tree.Hash;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The follower's side of an index: takes in the log and notes how far, and takes out what is damaged or gone.
///
/// For one thread at a time.
final class IndexWriter implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(IndexWriter.class.getName());
    private static final long LEFT_ALONE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final IndexDays days;
    private final LongSupplier nanos;
    private @Nullable DayWriter writer;
    private @Nullable DayIndex writing;
    // Followed while there was no day to note it in.
    private Stretch skipped = Stretch.NONE;
    // Days that could not be removed, and when that is tried again.
    private final Map<Epoch, Long> leftAlone = new HashMap<>();

    /// @param nanos  counts nanoseconds, from anywhere
    IndexWriter(IndexDays days, LongSupplier nanos) {
        this.days = days;
        this.nanos = nanos;
    }

    /// Removes what is damaged, of destroyed keys, or of shards that are gone.
    ///
    /// @param start  the oldest place in the log
    void tidy(long start) throws IOException {
        for (DayIndex day : List.copyOf(days.all())) {
            boolean shredded = days.key(day.epoch()).isEmpty();
            if (day.isDamaged()) {
                days.isNotWhole();
                remove(day);
            } else if (shredded || (day.isBefore(start) && days.all().size() > 1)) {
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

    /// What cannot be removed right now stays, closed, for the next time.
    private void remove(DayIndex day) throws IOException {
        if (day.equals(writing)) {
            closeWriter();
        }
        days.remove(day);
    }

    /// The stretches of the log that were followed, oldest first.
    List<Stretch> followed() {
        return Stream.concat(days.all().stream().map(DayIndex::followed), Stream.of(skipped))
                .sorted(Comparator.comparingLong(Stretch::from))
                .toList();
    }

    /// Removes what has followed another log than this one.
    ///
    /// @param leaf  the hash of the leaf before a place, if there is one
    void retain(Leaves leaf) throws IOException {
        for (DayIndex day : List.copyOf(days.all())) {
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

    /// Takes a day of another index in place of the one that is there. What came since is followed again, and until
    /// then nothing is answered.
    ///
    /// @param other  nobody has it open
    /// @return whether it did: else the day has to be made anew
    boolean adopt(Epoch epoch, DayTables other) throws IOException {
        Optional<IndexKey> key = days.key(epoch);
        if (key.isEmpty()) {
            return false;
        }
        // Who is about to read the day may read the other one, which lacks what came since.
        days.isNotWhole();
        Optional<DayIndex> before = days.day(epoch);
        if (before.isPresent()) {
            // It is made anew if this fails midway.
            before.get().markDamaged();
            remove(before.get());
        }
        if (!other.moveTo(days.tables(epoch))) {
            return false;
        }
        Optional<DayIndex> day = DayIndex.open(epoch, days.tables(epoch), key.get(), false);
        day.ifPresent(days::add);
        return day.isPresent();
    }

    /// Tells that everything was followed, so that what is not here is nowhere.
    void isWhole() {
        days.isWhole();
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
        Optional<DayIndex> known = days.day(epoch);
        if (known.isPresent()) {
            return known.get();
        }
        IndexKey key = days.key(epoch).orElseThrow(IndexIncomplete::new);
        boolean oldest = days.isOldest(epoch) && skipped.to() == from && skipped.from() < from;
        try {
            DayIndex made = DayIndex.create(
                    epoch, days.tables(epoch), key, oldest ? skipped : new Stretch(from, from, Hash.EMPTY));
            days.add(made);
            return made;
        } catch (SQLException e) {
            throw new IndexIncomplete(e);
        }
    }

    /// Notes a stretch without events in the day before it, or after it.
    private void note(Stretch stretch) throws IOException {
        Optional<DayIndex> beside = days.all().stream()
                .filter(day -> day.followed().from() <= stretch.from()
                        && stretch.from() <= day.followed().to())
                .findFirst()
                .or(() -> days.all().stream()
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
                days.isNotWhole();
                throw new IndexIncomplete();
            }
            open = day.writer();
            writer = open;
            writing = day;
        }
        return open;
    }

    @Override
    public void close() {
        closeWriter();
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
}
