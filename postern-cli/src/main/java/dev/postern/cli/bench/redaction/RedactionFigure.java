package dev.postern.cli.bench.redaction;

import java.util.Map;

/// One measurement.
///
/// @param way `engine` (in this process), `grpc` or `rest`
/// @param text what was sent
/// @param streams exchanges at once on one gRPC stream, or REST connections
/// @param cpuMicros processor time for each request: of this thread for the engine, else of all services together
/// @param cpuMicrosByService and of each of them
public record RedactionFigure(
        String way,
        String text,
        int streams,
        double perSecond,
        double p50Micros,
        double p99Micros,
        int failed,
        double cpuMicros,
        Map<String, Double> cpuMicrosByService) {
    public RedactionFigure {
        cpuMicrosByService = Map.copyOf(cpuMicrosByService);
    }

    static RedactionFigure of(
            String way, Sample sample, int streams, Tally tally, double cpuMicros, Map<String, Double> byService) {
        return new RedactionFigure(
                way,
                sample.label(),
                streams,
                tally.perSecond(),
                tally.micros(0.50),
                tally.micros(0.99),
                tally.failed(),
                cpuMicros,
                byService);
    }
}
