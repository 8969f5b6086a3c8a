package dev.postern.auditing.sequence;

import dev.postern.auditing.index.EventIndex;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/// The highest number of each producer's spool that has a place. A hole proves that events were lost or held back
/// before they came here, which no Merkle proof can show; and a number above the highest was never seen, so that a new
/// event costs no search.
///
/// Thread-safe. A spool is looked up ([#learn]) when its first event comes, and known from then on, unless thousands of
/// others came since: whoever has a certificate may name as many as it likes. The index is asked while no lock is held:
/// it may be slow or away, and those that are known shall not wait for it.
final class ProducerNumbers {

    private static final int MOST = 4_096;
    private static final int TRIES = 3;

    private final EventIndex index;
    private final ToLongFunction<Producer> waiting;
    private long forgotten;
    private final Map<Producer, Long> highest = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Producer, Long> eldest) {
            boolean full = size() > MOST;
            forgotten += full ? 1 : 0;
            return full;
        }
    };

    /// @param waiting the highest number of a producer's events that the index may not have yet; 0 when there is none
    ProducerNumbers(EventIndex index, ToLongFunction<Producer> waiting) {
        this.index = index;
        this.waiting = waiting;
    }

    /// Makes a producer known, if the index can be asked. It may take the index' time.
    ///
    /// @throws IOException when it cannot be told right now
    void learn(Producer producer) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            long before;
            synchronized (this) {
                if (highest.get(producer) != null) {
                    return;
                }
                before = forgotten;
            }
            // In this order: an event is in the index before it waits no more.
            long coming = waiting.applyAsLong(producer);
            long found = Math.max(coming, index.highest(producer.source(), producer.spool()));
            synchronized (this) {
                // Or this one's newer number may have come and gone meanwhile.
                if (forgotten == before) {
                    highest.merge(producer, found, Math::max);
                    return;
                }
            }
        }
        throw tooMany();
    }

    /// The highest number of a known producer's events; 0 when there is none.
    ///
    /// @throws IOException when it is not known, or not any more
    synchronized long highest(Producer producer) throws IOException {
        Long known = highest.get(producer);
        if (known == null) {
            throw tooMany();
        }
        return known;
    }

    private static IOException tooMany() {
        return new IOException("more than " + MOST + " spools send events at once: one was forgotten meanwhile");
    }

    /// Notes that a producer's events up to this number have places.
    synchronized void placed(Producer producer, long number) {
        highest.merge(producer, number, Math::max);
    }
}
