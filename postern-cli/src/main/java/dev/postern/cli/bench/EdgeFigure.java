package dev.postern.cli.bench;

import java.util.Map;

/// One measurement.
///
/// @param target `direct` or `platform`
/// @param cpuMicros processor time per request of the six services together, and of each
public record EdgeFigure(
        String target,
        int connections,
        double requestsPerSecond,
        long p50Micros,
        long p99Micros,
        int failed,
        long cpuMicros,
        Map<String, Long> cpuMicrosByService) {
    public EdgeFigure {
        cpuMicrosByService = Map.copyOf(cpuMicrosByService);
    }
}
