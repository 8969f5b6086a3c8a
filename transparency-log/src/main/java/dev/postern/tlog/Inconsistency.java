package dev.postern.tlog;

/// What is wrong with a log, and where.
///
/// @param index  the first leaf it touches; -1 when it touches none in particular
/// @param path   the file at fault, below the log's directory
/// @param what   one sentence
public record Inconsistency(long index, String path, String what) {}
