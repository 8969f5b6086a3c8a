package dev.postern.audit.spool;

/// Entries that were numbered and can no longer be read.
///
/// @param segment  the file in which they were missed
/// @param first    the first missing number
/// @param last     the last missing number
public record MissingRange(String segment, long first, long last) {}
