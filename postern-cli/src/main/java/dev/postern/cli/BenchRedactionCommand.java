package dev.postern.cli;

import dev.postern.cli.bench.redaction.RedactionBench;
import dev.postern.cli.bench.redaction.RedactionFigure;
import dev.postern.cli.bench.redaction.RedactionReport;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern bench redaction`
@Command(
        name = "redaction",
        description = "Redaction over the relay's gRPC stream and over REST, beside the engine alone.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Texts of 4 KB full of values and of 1 KB of prose, and over gRPC events of a streamed answer with 4",
            "characters each; at 1 and 32 streams. Beside them the engine in this process, and an echo on the same way",
            "(over gRPC an item that is refused unread, over REST an empty text). Ends 0 when nothing failed."
        })
final class BenchRedactionCommand implements Callable<Integer>, BenchOptions.Bench<RedactionReport> {
    @Mixin
    private BenchOptions options = new BenchOptions();

    @Override
    public Integer call() throws InterruptedException {
        return options.run(this);
    }

    @Override
    public RedactionReport measure(Surroundings surroundings) throws InterruptedException {
        return new RedactionBench(
                        surroundings.settings(), surroundings.clock(), surroundings.random(), surroundings.progress())
                .run(options.warmup(), options.each());
    }

    @Override
    public boolean passed(RedactionReport report) {
        return report.passed();
    }

    @Override
    public void print(RedactionReport report) {
        System.out.printf(
                "%-7s %-17s %8s %11s %10s %10s %10s %8s %15s%n",
                "way", "text", "streams", "requests/s", "p50 us", "p99 us", "added us", "failed", "CPU us/request");
        for (RedactionFigure figure : report.figures()) {
            OptionalDouble added = report.addedMicros(figure);
            System.out.printf(
                    "%-7s %-17s %8d %11.0f %10.1f %10.1f %10s %8d %15.1f%n",
                    figure.way(),
                    figure.text(),
                    figure.streams(),
                    figure.perSecond(),
                    figure.p50Micros(),
                    figure.p99Micros(),
                    added.isPresent() ? "%.1f".formatted(added.getAsDouble()) : "",
                    figure.failed(),
                    figure.cpuMicros());
        }
    }

    @Override
    public ObjectNode document(RedactionReport report) {
        ObjectNode document = new JsonMapper().createObjectNode().put("bench", "redaction");
        ArrayNode runs = document.putArray("runs");
        for (RedactionFigure figure : report.figures()) {
            ObjectNode run = runs.addObject()
                    .put("way", figure.way())
                    .put("text", figure.text())
                    .put("streams", figure.streams())
                    .put("requests_per_second", Math.round(figure.perSecond()))
                    .put("p50_us", tenths(figure.p50Micros()))
                    .put("p99_us", tenths(figure.p99Micros()))
                    .put("failed", figure.failed())
                    .put("cpu_us_per_request", tenths(figure.cpuMicros()));
            report.addedMicros(figure).ifPresent(added -> run.put("added_p50_us", tenths(added)));
            ObjectNode services = run.putObject("cpu_us_per_request_by_service");
            new TreeMap<>(figure.cpuMicrosByService())
                    .forEach((service, micros) -> services.put(service, tenths(micros)));
        }
        return document;
    }

    /// Chunks take few microseconds.
    private static double tenths(double micros) {
        return Math.round(micros * 10) / 10.0;
    }
}
