package dev.postern.cli.bench;

/// How long after a revocation was sent live streams ended, as their clients saw it.
///
/// @param survivors streams that went on for longer than the bench waits
public record RevocationFigure(int streams, long p50Micros, long p99Micros, long maxMicros, int survivors) {}
