package dev.postern.cli.bench.sealed;

import java.util.Map;

/// One measurement.
///
/// @param target `netty-echo` (a bare server), `relay-echo` (straight to the relay), `sealed-echo` (through gateway and
/// relay) or `sealed-stream` (streamed answers through everything)
/// @param load such as `8 open` or `2000/s`
/// @param roundTripsPerSecond questions answered whole
/// @param messagesPerSecond to and fro, each counted once
/// @param cpuMicros processor time per message of the six services together, and of each
public record SealedFigure(
        String target,
        String load,
        int sessions,
        double roundTripsPerSecond,
        double messagesPerSecond,
        long p50Micros,
        long p99Micros,
        int failed,
        double cpuMicros,
        Map<String, Double> cpuMicrosByService) {
    public SealedFigure {
        cpuMicrosByService = Map.copyOf(cpuMicrosByService);
    }
}
