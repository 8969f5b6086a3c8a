package dev.postern.cli;

import dev.postern.cli.bench.sealed.IdleBench;
import dev.postern.cli.bench.sealed.IdleFigure;
import dev.postern.cli.bench.sealed.SealedBench;
import dev.postern.cli.bench.sealed.SealedFigure;
import dev.postern.cli.platform.Upstream;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern bench sealed`
@Command(
        name = "sealed",
        description = "Sealed messages of 1 KiB through gateway and relay, beside a bare echo.",
        mixinStandardHelpOptions = true)
final class BenchSealedCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Print one JSON document and no table.")
    private boolean json;

    @Option(names = "--warmup", defaultValue = "40", paramLabel = "SECONDS", description = "Default: 40.")
    private int warmup;

    @Option(names = "--seconds", defaultValue = "10", paramLabel = "SECONDS", description = "Each run; default: 10.")
    private int seconds;

    @Option(
            names = "--idle",
            defaultValue = "0",
            paramLabel = "SESSIONS",
            description = "Instead: opens so many sessions at the relay and holds them (POSTERN_HEAP_RELAY=1024).")
    private int idle;

    @Override
    public Integer call() throws InterruptedException {
        Surroundings surroundings = Surroundings.real(Upstream.SIMULATOR);
        try (PlatformVisit _ = PlatformVisit.begin(surroundings)) {
            if (idle > 0) {
                return idle(surroundings);
            }
            List<SealedFigure> figures = new SealedBench(
                            surroundings.settings(),
                            surroundings.clock(),
                            surroundings.random(),
                            surroundings.progress())
                    .run(Duration.ofSeconds(warmup), Duration.ofSeconds(seconds));
            if (!json) {
                print(figures);
            }
            System.out.println(document(figures));
            return figures.stream().allMatch(figure -> figure.failed() == 0) ? 0 : 1;
        }
    }

    private int idle(Surroundings surroundings) throws InterruptedException {
        IdleFigure figure = new IdleBench(
                        surroundings.settings(), surroundings.clock(), surroundings.random(), surroundings.progress())
                .run(idle);
        if (!json) {
            System.out.printf(
                    "%d sessions, %d alive in the end; relay: heap %d MB, resident %d MB before and %d MB after%n",
                    figure.sessions(),
                    figure.alive(),
                    figure.heapMegabytes(),
                    figure.beforeMegabytes(),
                    figure.afterMegabytes());
        }
        System.out.println(new JsonMapper()
                .createObjectNode()
                .put("bench", "sealed-idle")
                .put("sessions", figure.sessions())
                .put("alive", figure.alive())
                .put("relay_heap_mb", figure.heapMegabytes())
                .put("relay_resident_before_mb", figure.beforeMegabytes())
                .put("relay_resident_after_mb", figure.afterMegabytes()));
        return figure.alive() == figure.sessions() ? 0 : 1;
    }

    private static void print(List<SealedFigure> figures) {
        System.out.printf(
                "%-14s %-8s %13s %12s %9s %9s %8s %15s%n",
                "target", "load", "round trips/s", "messages/s", "p50 ms", "p99 ms", "failed", "CPU us/message");
        for (SealedFigure figure : figures) {
            System.out.printf(
                    "%-14s %-8s %13.0f %12.0f %9.2f %9.2f %8d %15.0f%n",
                    figure.target(),
                    figure.load(),
                    figure.roundTripsPerSecond(),
                    figure.messagesPerSecond(),
                    figure.p50Micros() / 1000.0,
                    figure.p99Micros() / 1000.0,
                    figure.failed(),
                    figure.cpuMicros());
        }
    }

    private static ObjectNode document(List<SealedFigure> figures) {
        ObjectNode document = new JsonMapper().createObjectNode().put("bench", "sealed");
        document.put("processors", Runtime.getRuntime().availableProcessors());
        ArrayNode runs = document.putArray("runs");
        for (SealedFigure figure : figures) {
            ObjectNode services = runs.addObject()
                    .put("target", figure.target())
                    .put("load", figure.load())
                    .put("sessions", figure.sessions())
                    .put("round_trips_per_second", Math.round(figure.roundTripsPerSecond()))
                    .put("messages_per_second", Math.round(figure.messagesPerSecond()))
                    .put("p50_us", figure.p50Micros())
                    .put("p99_us", figure.p99Micros())
                    .put("failed", figure.failed())
                    .put("cpu_us_per_message", Math.round(figure.cpuMicros()))
                    .putObject("cpu_us_per_message_by_service");
            new TreeMap<>(figure.cpuMicrosByService())
                    .forEach((service, micros) -> services.put(service, Math.round(micros)));
        }
        return document;
    }
}
