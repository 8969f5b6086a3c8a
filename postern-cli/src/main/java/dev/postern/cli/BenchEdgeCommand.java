package dev.postern.cli;

import dev.postern.cli.bench.EdgeBench;
import dev.postern.cli.bench.EdgeFigure;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern bench edge`
@Command(
        name = "edge",
        description = "The same chat request straight to the simulator and through the platform.",
        mixinStandardHelpOptions = true)
final class BenchEdgeCommand implements Callable<Integer>, BenchOptions.Bench<List<EdgeFigure>> {
    @Mixin
    private BenchOptions options = new BenchOptions();

    @Override
    public Integer call() throws InterruptedException {
        return options.run(this);
    }

    @Override
    public List<EdgeFigure> measure(Surroundings surroundings) throws InterruptedException {
        return new EdgeBench(surroundings.settings(), surroundings.clock(), surroundings.progress())
                .run(options.warmup(), options.each());
    }

    @Override
    public boolean passed(List<EdgeFigure> figures) {
        return figures.stream().allMatch(figure -> figure.failed() == 0);
    }

    @Override
    public void print(List<EdgeFigure> figures) {
        System.out.printf(
                "%-10s %11s %12s %10s %10s %8s %16s%n",
                "target", "connections", "requests/s", "p50 ms", "p99 ms", "failed", "CPU us/request");
        for (EdgeFigure figure : figures) {
            System.out.printf(
                    "%-10s %11d %12.0f %10.2f %10.2f %8d %16d%n",
                    figure.target(),
                    figure.connections(),
                    figure.requestsPerSecond(),
                    figure.p50Micros() / 1000.0,
                    figure.p99Micros() / 1000.0,
                    figure.failed(),
                    figure.cpuMicros());
        }
    }

    @Override
    public ObjectNode document(List<EdgeFigure> figures) {
        ObjectNode document = new JsonMapper().createObjectNode().put("bench", "edge");
        ArrayNode runs = document.putArray("runs");
        for (EdgeFigure figure : figures) {
            ObjectNode services = runs.addObject()
                    .put("target", figure.target())
                    .put("connections", figure.connections())
                    .put("requests_per_second", Math.round(figure.requestsPerSecond()))
                    .put("p50_us", figure.p50Micros())
                    .put("p99_us", figure.p99Micros())
                    .put("failed", figure.failed())
                    .put("cpu_us_per_request", figure.cpuMicros())
                    .putObject("cpu_us_per_request_by_service");
            new TreeMap<>(figure.cpuMicrosByService()).forEach(services::put);
        }
        document.put("added_p50_us_at_1_connection", addedMedian(figures));
        return document;
    }

    private static long addedMedian(List<EdgeFigure> figures) {
        long added = 0;
        for (EdgeFigure figure : figures) {
            if (figure.connections() == 1) {
                added += figure.target().equals("direct") ? -figure.p50Micros() : figure.p50Micros();
            }
        }
        return added;
    }
}
