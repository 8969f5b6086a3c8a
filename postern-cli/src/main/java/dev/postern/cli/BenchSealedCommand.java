package dev.postern.cli;

import dev.postern.cli.bench.sealed.IdleBench;
import dev.postern.cli.bench.sealed.IdleFigure;
import dev.postern.cli.bench.sealed.SealedBench;
import dev.postern.cli.bench.sealed.SealedFigure;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern bench sealed`
@Command(
        name = "sealed",
        description = "Sealed messages of 1 KiB through gateway and relay, beside a bare echo.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "32 sessions. Each echo (a bare server, the relay alone, gateway and relay) at 1,000 and at 5,000 round trips a",
            "second, timed from when each was due, and with 8 questions open on each session; then streamed answers of a",
            "model through everything. Two messages are a round trip. Ends 0 when no question failed."
        })
final class BenchSealedCommand implements Callable<Integer>, BenchOptions.Bench<List<SealedFigure>> {
    @Mixin
    private BenchOptions options = new BenchOptions();

    @Option(
            names = "--idle",
            defaultValue = "0",
            paramLabel = "SESSIONS",
            description = "Instead: opens so many sessions at the relay and holds them.")
    private int idle;

    @Override
    public Integer call() throws InterruptedException {
        return idle > 0 ? options.run(new Idle(idle)) : options.run(this);
    }

    @Override
    public List<SealedFigure> measure(Surroundings surroundings) throws InterruptedException {
        return new SealedBench(
                        surroundings.settings(), surroundings.clock(), surroundings.random(), surroundings.progress())
                .run(options.warmup(), options.each());
    }

    @Override
    public boolean passed(List<SealedFigure> figures) {
        return figures.stream().allMatch(figure -> figure.failed() == 0);
    }

    @Override
    public void print(List<SealedFigure> figures) {
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

    @Override
    public ObjectNode document(List<SealedFigure> figures) {
        ObjectNode document = new JsonMapper().createObjectNode().put("bench", "sealed");
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

    record Idle(int sessions) implements BenchOptions.Bench<IdleFigure> {
        @Override
        public IdleFigure measure(Surroundings surroundings) throws InterruptedException {
            return new IdleBench(
                            surroundings.settings(),
                            surroundings.clock(),
                            surroundings.random(),
                            surroundings.progress())
                    .run(sessions);
        }

        @Override
        public boolean passed(IdleFigure figure) {
            return figure.alive() == figure.sessions();
        }

        @Override
        public void print(IdleFigure figure) {
            System.out.printf(
                    "%d sessions, %d alive in the end; relay: heap %d MB, resident %d MB before and %d MB after%n",
                    figure.sessions(),
                    figure.alive(),
                    figure.heapMegabytes(),
                    figure.beforeMegabytes(),
                    figure.afterMegabytes());
        }

        @Override
        public ObjectNode document(IdleFigure figure) {
            return new JsonMapper()
                    .createObjectNode()
                    .put("bench", "sealed-idle")
                    .put("sessions", figure.sessions())
                    .put("alive", figure.alive())
                    .put("relay_heap_mb", figure.heapMegabytes())
                    .put("relay_resident_before_mb", figure.beforeMegabytes())
                    .put("relay_resident_after_mb", figure.afterMegabytes());
        }
    }
}
