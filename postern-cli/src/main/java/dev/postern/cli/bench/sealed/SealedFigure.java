package dev.postern.cli.bench.sealed;

import java.time.Duration;
import java.util.Map;

/// One measurement.
///
/// @param target `netty-echo` (a bare server), `relay-echo` (straight to the relay), `sealed-echo` (through gateway and
/// relay) or `sealed-stream` (streamed answers through everything)
/// @param load `8 open` on each session, or `5000/s` on all of them together
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

    /// What was run.
    record Run(String target, String load, int sessions) {}

    /// @param took from the first question to the last answer
    /// @param cpuMicros of each service for each message
    static SealedFigure of(Run run, Lane.Tally tally, Duration took, Map<String, Double> cpuMicros) {
        double seconds = took.toNanos() / 1e9;
        return new SealedFigure(
                run.target(),
                run.load(),
                run.sessions(),
                tally.latencies().count() / seconds,
                tally.messages() / seconds,
                tally.latencies().percentile(0.50),
                tally.latencies().percentile(0.99),
                tally.failed(),
                cpuMicros.values().stream().mapToDouble(Double::doubleValue).sum(),
                cpuMicros);
    }
}
