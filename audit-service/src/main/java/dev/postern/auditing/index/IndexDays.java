package dev.postern.auditing.index;

import dev.postern.auditing.epoch.Epoch;
import dev.postern.auditing.epoch.EpochKeys;
import dev.postern.auditing.epoch.IndexKey;
import dev.postern.kms.KeyManagementException;
import dev.postern.kms.KeyManagementException.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/// The days an index has, and whether what they answer together may be believed.
///
/// Guarantee: an answer is from every day whose keys are there, none of which was taken out or replaced meanwhile; else
/// there is none ([IndexIncomplete]).
///
/// Reading is for any thread; what changes the days is for the follower.
final class IndexDays {
    private static final Epoch CLEAR = new Epoch(0);
    private static final int OPEN_FILES = 32;

    private final IndexStore store;
    private final EpochKeys keys;
    private final NavigableMap<Epoch, DayIndex> days = new ConcurrentSkipListMap<>();
    private final SequencedSet<DayIndex> inUse = new LinkedHashSet<>();
    private volatile boolean whole;
    /// How often it was not, since.
    private final AtomicInteger interruptions = new AtomicInteger();

    IndexDays(IndexStore store, EpochKeys keys) {
        this.store = store;
        this.keys = keys;
    }

    /// Takes the days that are there; what is not one of ours is removed.
    ///
    /// @throws KeyManagementException when the keys of a day cannot be asked for
    void load() throws IOException {
        List<Epoch> found = store.days();
        for (Epoch epoch : found) {
            Optional<IndexKey> key = key(epoch);
            Optional<DayIndex> day = key.isEmpty()
                    ? Optional.empty()
                    : DayIndex.open(epoch, store.day(epoch), key.get(), epoch.equals(found.getLast()));
            if (day.isPresent()) {
                add(day.get());
            } else {
                store.day(epoch).delete();
            }
        }
    }

    /// Of a day; none when it was destroyed.
    Optional<IndexKey> key(Epoch epoch) {
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

    /// A day's place in the store.
    DayTables tables(Epoch epoch) {
        return store.day(epoch);
    }

    void add(DayIndex day) {
        days.put(day.epoch(), day);
        keys.sealsFrom(day.epoch());
    }

    /// What cannot be removed right now stays, closed, for the next time.
    void remove(DayIndex day) throws IOException {
        synchronized (inUse) {
            inUse.remove(day);
        }
        day.delete();
        days.remove(day.epoch());
    }

    Optional<DayIndex> day(Epoch epoch) {
        return Optional.ofNullable(days.get(epoch));
    }

    /// Every day, oldest first, also those that answer nothing.
    Collection<DayIndex> all() {
        return days.values();
    }

    boolean isOldest(Epoch epoch) {
        return days.headMap(epoch).isEmpty();
    }

    /// Tells that everything was followed, so that what is not here is nowhere.
    void isWhole() {
        whole = true;
    }

    /// Tells that something is missing from now on: of an event in that, the other days would say that there is none.
    void isNotWhole() {
        whole = false;
        var _ = interruptions.incrementAndGet();
    }

    /// Asks the days that may be read, oldest first.
    interface Reading<T> {
        T of(List<DayIndex> days) throws IOException;
    }

    /// An answer from all days.
    ///
    /// @throws IndexIncomplete when it cannot be told right now
    <T> T read(Reading<T> reading) throws IOException {
        int before = interruptions.get();
        T answer = reading.of(readable());
        if (interruptions.get() != before) {
            throw new IndexIncomplete();
        }
        return answer;
    }

    /// The days that may be read, oldest first: not those whose keys were destroyed or whose events are gone.
    List<DayIndex> readable() throws IndexIncomplete {
        if (!whole) {
            throw new IndexIncomplete();
        }
        return days.values().stream()
                .filter(day -> key(day.epoch()).isPresent() && !day.isGone())
                .toList();
    }

    /// Of the files that are read, only the last ones stay open.
    DayIndex use(DayIndex day) {
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

    void close() {
        isNotWhole();
        days.values().forEach(DayIndex::close);
    }
}
