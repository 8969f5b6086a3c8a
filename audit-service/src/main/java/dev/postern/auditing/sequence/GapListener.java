package dev.postern.auditing.sequence;

import dev.postern.audit.envelope.EventEnvelope;

/// Told when a producer's numbers do not follow each other.
@FunctionalInterface
public interface GapListener {

    /// A new event came with another number than the next.
    ///
    /// @param expected  the number that should have come
    void gap(EventEnvelope event, long expected);
}
