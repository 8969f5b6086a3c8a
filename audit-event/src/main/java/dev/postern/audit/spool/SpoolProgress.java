package dev.postern.audit.spool;

/// A snapshot for metrics.
///
/// @param durable       highest number on disk
/// @param acknowledged  highest number delivered, all below it too
/// @param bytes         length of all segment files
/// @param writable      false after a failed write or fsync, or after close
public record SpoolProgress(long durable, long acknowledged, long bytes, boolean writable) {}
