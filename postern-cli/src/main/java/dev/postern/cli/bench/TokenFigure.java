package dev.postern.cli.bench;

/// One measurement of the token-service.
///
/// @param target `token`, or `jwks` for the reference
/// @param perCore requests that one core of the token-service alone could answer: one second by its processor time per
///     request; 0 where the system does not tell
public record TokenFigure(
        String target,
        int connections,
        double perSecond,
        double perCore,
        long p50Micros,
        long p99Micros,
        int failed,
        long cpuMicros) {}
