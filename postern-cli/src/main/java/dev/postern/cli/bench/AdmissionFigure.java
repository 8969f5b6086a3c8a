package dev.postern.cli.bench;

/// What the gateway says of its round trips to Redis for admission, since it started.
public record AdmissionFigure(long count, long meanMicros, long p50Micros, long p99Micros) {}
