package dev.postern.auditing.sequence;

import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.auditing.index.EventIndex;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/// The highest number of each producer's spool that has a place. A hole proves that events were lost or held back
/// before they came here, which no Merkle proof can show; and a number above the highest was never seen, so that a new
/// event costs no search.
///
/// Guarded by its owner. A spool is looked up when its first event comes, and known from then on, unless thousands of
/// others came since: whoever has a certificate may name as many as it likes.
final class ProducerNumbers {

    private static final int MOST = 4_096;

    private final EventIndex index;
    private final ToLongFunction<Producer> waiting;
    private final Map<Producer, Long> highest = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Producer, Long> eldest) {
            return size() > MOST;
        }
    };

    /// @param waiting the highest number of a producer's events that the index may not have yet; 0 when there is none
    ProducerNumbers(EventIndex index, ToLongFunction<Producer> waiting) {
        this.index = index;
        this.waiting = waiting;
    }

    /// The highest number of a producer's events; 0 when there is none.
    ///
    /// @throws IOException when it cannot be told right now
    long highest(Producer producer) throws IOException {
        Long known = highest.get(producer);
        if (known == null) {
            // In this order: an event is in the index before it waits no more.
            long coming = waiting.applyAsLong(producer);
            known = Math.max(coming, index.highest(producer.source(), producer.spool()));
            highest.put(producer, known);
        }
        return known;
    }

    /// Notes the number of a new event.
    void placed(EventEnvelope event) {
        highest.merge(Producer.of(event), event.sequence(), Math::max);
    }
}
