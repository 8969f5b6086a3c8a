package dev.postern.auditing.sequence;

import dev.postern.audit.EventType;
import dev.postern.audit.envelope.EventEnvelope;
import java.time.Instant;

/// One spool of a service: the numbers of its events have no holes.
///
/// @param source SPIFFE id
/// @param spool  as it names itself
public record Producer(String source, String spool) {

    public static Producer of(EventEnvelope event) {
        return new Producer(event.source(), event.spool());
    }

    /// A producer's last event.
    ///
    /// @param time    of its own clock
    /// @param stopped whether it said that the service stops
    public record Heard(Instant time, boolean stopped) {
        static Heard of(EventEnvelope event) {
            return new Heard(event.time(), isStop(event));
        }
    }

    /// Whether the service says that it stops.
    public static boolean isStop(EventEnvelope event) {
        return event.type().equals(EventType.SERVICE_STOPPED.wireName());
    }
}
