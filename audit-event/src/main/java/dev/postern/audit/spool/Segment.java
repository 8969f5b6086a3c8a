package dev.postern.audit.spool;

import java.nio.file.Path;

/// A segment that is no longer written to.
///
/// @param last   highest number in it
/// @param bytes  its length
record Segment(Path file, long last, long bytes) {}
