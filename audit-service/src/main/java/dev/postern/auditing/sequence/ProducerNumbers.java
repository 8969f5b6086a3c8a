package dev.postern.auditing.sequence;

import dev.postern.audit.envelope.EventEnvelope;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The highest number seen of each producer's spool. A hole proves that events were lost or held back before they came
/// here,
/// which no Merkle proof can show. Guarded by its monitor.
final class ProducerNumbers {

    private record Producer(String source, String spool) {}

    private final Map<Producer, Long> last = new HashMap<>();

    /// Notes a number without judging it: for events that are in the log already.
    synchronized void seen(EventEnvelope event) {
        last.merge(new Producer(event.source(), event.spool()), event.sequence(), Math::max);
    }

    /// Notes the number of a new event.
    ///
    /// @return the number that should have come instead, if another one did
    synchronized Optional<Long> check(EventEnvelope event) {
        Producer producer = new Producer(event.source(), event.spool());
        long expected = last.getOrDefault(producer, 0L) + 1;
        last.merge(producer, event.sequence(), Math::max);
        return event.sequence() == expected ? Optional.empty() : Optional.of(expected);
    }
}
