package dev.postern.audit.sink;

import java.time.Instant;
import java.util.Optional;

/// A snapshot for metrics.
///
/// @param shipped     entries acknowledged since the start
/// @param failures    attempts that failed since the start
/// @param oldestHeld  time of the oldest event now being sent
public record SinkProgress(long shipped, long failures, Optional<Instant> oldestHeld) {}
