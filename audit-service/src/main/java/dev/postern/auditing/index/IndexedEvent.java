package dev.postern.auditing.index;

import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.auditing.shard.Position;

/// An event and its place, as the index takes it in.
public record IndexedEvent(Position place, EventEnvelope event) {}
