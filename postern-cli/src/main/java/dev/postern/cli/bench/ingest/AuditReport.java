package dev.postern.cli.bench.ingest;

import java.util.List;

/// All that was measured in one run.
///
/// @param fsyncsPerSecond  of the same disk, one kilobyte each, before the load
/// @param fsyncP50Micros   of one of them
/// @param fsyncP99Micros   of one of them
/// @param recorded         events whose recording was timed, in a producer
/// @param recordMeanMicros what each cost the thread that recorded it
/// @param recordFailed     events that did not come to the producer's disk
public record AuditReport(
        List<AuditFigure> figures,
        double fsyncsPerSecond,
        long fsyncP50Micros,
        long fsyncP99Micros,
        int recorded,
        double recordMeanMicros,
        double recordP50Micros,
        double recordP99Micros,
        int recordFailed) {
    public AuditReport {
        figures = List.copyOf(figures);
    }

    static AuditReport of(List<AuditFigure> figures, FsyncRate fsync, RecordCost record) {
        return new AuditReport(
                figures,
                fsync.perSecond(),
                fsync.p50Micros(),
                fsync.p99Micros(),
                record.events(),
                record.meanMicros(),
                record.p50Micros(),
                record.p99Micros(),
                record.failed());
    }

    /// Acknowledged events for each fsync that the disk can do by itself.
    public double timesFsync(AuditFigure figure) {
        return figure.perSecond() / Math.max(1, fsyncsPerSecond);
    }

    /// Whether every event was acknowledged.
    public boolean passed() {
        return recordFailed == 0 && figures.stream().allMatch(figure -> figure.failed() == 0 && figure.perSecond() > 0);
    }
}
