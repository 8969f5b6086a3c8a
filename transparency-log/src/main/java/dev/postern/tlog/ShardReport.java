package dev.postern.tlog;

/// The outcome of checking one log among several.
///
/// @param origin  the log's name, which is also its path below the directory of logs
public record ShardReport(String origin, LogReport report) {}
