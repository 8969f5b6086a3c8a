package dev.postern.auditing.sequence;

import dev.postern.audit.envelope.EventEnvelope;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// The highest number seen of each producer's spool. A hole proves that events were lost or held back before they came
/// here,
/// which no Merkle proof can show. Guarded by its monitor.
final class ProducerNumbers {

    private final Map<Producer, Long> last = new HashMap<>();
    private final Map<Producer, Producer.Heard> heard = new HashMap<>();

    /// Notes a number without judging it: for events that are in the log already.
    synchronized void seen(EventEnvelope event) {
        Producer producer = Producer.of(event);
        last.merge(producer, event.sequence(), Math::max);
        heard.put(producer, Producer.Heard.of(event));
    }

    /// Notes the number of a new event.
    ///
    /// @return the number that should have come instead, if another one did
    synchronized Optional<Long> check(EventEnvelope event) {
        Producer producer = Producer.of(event);
        heard.put(producer, Producer.Heard.of(event));
        long expected = last.getOrDefault(producer, 0L) + 1;
        last.merge(producer, event.sequence(), Math::max);
        return event.sequence() == expected ? Optional.empty() : Optional.of(expected);
    }

    /// The highest number of a producer that is in the log.
    synchronized OptionalLong last(Producer producer) {
        Long number = last.get(producer);
        return number == null ? OptionalLong.empty() : OptionalLong.of(number);
    }

    /// The last event of each producer that is in the log and can be read.
    synchronized Map<Producer, Producer.Heard> heard() {
        return Map.copyOf(heard);
    }
}
