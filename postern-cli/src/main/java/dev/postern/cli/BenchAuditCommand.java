package dev.postern.cli;

import dev.postern.cli.bench.ingest.AuditBench;
import dev.postern.cli.bench.ingest.AuditFigure;
import dev.postern.cli.bench.ingest.AuditReport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern bench audit`
@Command(
        name = "audit",
        description = "Events on the audit log's disk a second, beside the disk's own fsyncs.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Events of 1 KB from eight producers, over mutual TLS, into a second audit-service with a log of its own that",
            "is removed in the end: at 3,000 a second, timed from when each was due; one in each request; and 64 in each.",
            "Then what recording an event costs the thread that does it. Ends 0 when every event was acknowledged."
        })
final class BenchAuditCommand implements Callable<Integer>, BenchOptions.Bench<AuditReport> {
    @Mixin
    private BenchOptions options = new BenchOptions();

    @Override
    public Integer call() throws InterruptedException {
        return options.run(this);
    }

    @Override
    public AuditReport measure(Surroundings surroundings) throws InterruptedException {
        return new AuditBench(
                        surroundings.settings(), surroundings.clock(), surroundings.random(), surroundings.progress())
                .run(options.warmup(), options.each());
    }

    @Override
    public boolean passed(AuditReport report) {
        return report.passed();
    }

    @Override
    public void print(AuditReport report) {
        System.out.printf(
                "%-14s %9s %10s %9s %9s %9s %15s %15s %8s %13s%n",
                "load",
                "producers",
                "events/s",
                "x fsync",
                "p50 ms",
                "p99 ms",
                "publish p50 ms",
                "publish p99 ms",
                "failed",
                "CPU us/event");
        for (AuditFigure figure : report.figures()) {
            System.out.printf(
                    "%-14s %9d %10.0f %9.2f %9.2f %9.2f %15.0f %15.0f %8d %13.0f%n",
                    figure.load(),
                    figure.producers(),
                    figure.perSecond(),
                    report.timesFsync(figure),
                    figure.p50Micros() / 1000.0,
                    figure.p99Micros() / 1000.0,
                    figure.publishP50Micros() / 1000.0,
                    figure.publishP99Micros() / 1000.0,
                    figure.failed(),
                    figure.cpuMicros());
        }
        System.out.printf(
                "bare fsync of 1 KB: %.0f per s, p50 %.2f ms, p99 %.2f ms%n",
                report.fsyncsPerSecond(), report.fsyncP50Micros() / 1000.0, report.fsyncP99Micros() / 1000.0);
        System.out.printf(
                "recording, %d events: mean %.1f us, p50 %.1f us, p99 %.1f us%n",
                report.recorded(), report.recordMeanMicros(), report.recordP50Micros(), report.recordP99Micros());
    }

    @Override
    public ObjectNode document(AuditReport report) {
        ObjectNode document = new JsonMapper().createObjectNode().put("bench", "audit");
        ArrayNode runs = document.putArray("runs");
        for (AuditFigure figure : report.figures()) {
            runs.addObject()
                    .put("load", figure.load())
                    .put("producers", figure.producers())
                    .put("events_per_second", Math.round(figure.perSecond()))
                    .put("times_fsync", Math.round(report.timesFsync(figure) * 100) / 100.0)
                    .put("p50_us", figure.p50Micros())
                    .put("p99_us", figure.p99Micros())
                    .put("publish_p50_us", figure.publishP50Micros())
                    .put("publish_p99_us", figure.publishP99Micros())
                    .put("failed", figure.failed())
                    .put("cpu_us_per_event", Math.round(figure.cpuMicros()));
        }
        document.putObject("fsync")
                .put("per_second", Math.round(report.fsyncsPerSecond()))
                .put("p50_us", report.fsyncP50Micros())
                .put("p99_us", report.fsyncP99Micros());
        document.putObject("record")
                .put("events", report.recorded())
                .put("mean_us", tenths(report.recordMeanMicros()))
                .put("p50_us", tenths(report.recordP50Micros()))
                .put("p99_us", tenths(report.recordP99Micros()))
                .put("failed", report.recordFailed());
        return document;
    }

    private static double tenths(double micros) {
        return Math.round(micros * 10) / 10.0;
    }
}
