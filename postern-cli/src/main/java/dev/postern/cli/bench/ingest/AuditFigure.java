package dev.postern.cli.bench.ingest;

import dev.postern.cli.bench.Latencies;
import java.time.Duration;

/// One measurement of what the log takes in.
///
/// @param load              how the producers sent
/// @param perSecond         events acknowledged, which means on the disk
/// @param p50Micros         until the acknowledgement
/// @param publishP50Micros  from the acknowledgement until a checkpoint covers it
/// @param failed            events that were not acknowledged
/// @param cpuMicros         processor time of the audit-service for each event
public record AuditFigure(
        String load,
        int producers,
        double perSecond,
        long p50Micros,
        long p99Micros,
        long publishP50Micros,
        long publishP99Micros,
        int failed,
        double cpuMicros) {
    static AuditFigure of(
            Load load, int producers, Acknowledged acknowledged, Latencies publication, Duration took, Duration cpu) {
        int count = acknowledged.micros().count();
        return new AuditFigure(
                load.label(),
                producers,
                count * 1e9 / Math.max(1, took.toNanos()),
                acknowledged.micros().percentile(0.50),
                acknowledged.micros().percentile(0.99),
                publication.percentile(0.50),
                publication.percentile(0.99),
                acknowledged.failed(),
                cpu.toNanos() / 1000.0 / Math.max(1, count));
    }
}
