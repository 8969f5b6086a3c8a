package dev.postern.audit.spool;

import java.nio.file.Path;

/// Where a spool lives and how large it may grow.
///
/// @param directory     owned by one process at a time
/// @param segmentBytes  a new file begins once the current one is this long
/// @param maxBytes      files longer than this in all refuse new entries
public record SpoolSettings(Path directory, int segmentBytes, long maxBytes) {}
