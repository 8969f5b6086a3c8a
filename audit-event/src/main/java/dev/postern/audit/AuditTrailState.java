package dev.postern.audit;

import java.time.Instant;
import java.util.Optional;

/// A snapshot of a trail, for metrics and health.
///
/// @param appended       events put on disk since the trail was opened
/// @param shipped        events the audit-service acknowledged since then
/// @param pendingEvents  on disk, not acknowledged
/// @param pendingBytes   bytes of the spool's files, acknowledged parts of live segments included
/// @param oldestPending  when the oldest unacknowledged event that the sink holds happened
/// @param shipFailures   failed attempts to ship since the trail was opened; falls never
/// @param writable       false once a write or fsync failed: only a restart helps
public record AuditTrailState(
        long appended,
        long shipped,
        long pendingEvents,
        long pendingBytes,
        Optional<Instant> oldestPending,
        long shipFailures,
        boolean writable) {}
