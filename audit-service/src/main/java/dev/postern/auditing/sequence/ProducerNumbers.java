package dev.postern.auditing.sequence;

import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.auditing.index.EventIndex;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// The highest number of each producer's spool that has a place. A hole proves that events were lost or held back
/// before they came here, which no Merkle proof can show; and a number above the highest was never seen, so that a new
/// event costs no search.
///
/// Guarded by its owner. A spool is looked up in the index when its first event comes, and known from then on.
final class ProducerNumbers {

    private final EventIndex index;
    private final Map<Producer, Long> highest = new HashMap<>();

    ProducerNumbers(EventIndex index) {
        this.index = index;
    }

    /// The highest number of a producer's events; 0 when there is none.
    ///
    /// @throws IOException when it cannot be told right now
    long highest(Producer producer) throws IOException {
        Long known = highest.get(producer);
        if (known == null) {
            known = index.highest(producer.source(), producer.spool());
            highest.put(producer, known);
        }
        return known;
    }

    /// Notes the number of a new event.
    void placed(EventEnvelope event) {
        highest.merge(Producer.of(event), event.sequence(), Math::max);
    }
}
