package dev.postern.cli.bench;

/// What the gateway's own timer says of deciding on requests under every kind of limit.
///
/// @param p50Micros 0 where the gateway publishes no distribution
public record AdmissionFigure(int connections, long count, long meanMicros, long p50Micros, long p99Micros) {}
