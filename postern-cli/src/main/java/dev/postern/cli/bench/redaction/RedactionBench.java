package dev.postern.cli.bench.redaction;

import dev.postern.cli.bench.PlatformCpu;
import dev.postern.cli.platform.PlatformSettings;
import dev.postern.cli.terminal.Progress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What redaction costs as a service: over the relay's gRPC stream and over REST, beside the engine in this process and
/// an echo on the same way, in one run.
public final class RedactionBench {
    static final List<Integer> STREAMS = List.of(1, 32);
    /// What the engine by itself is asked. It has no network, so it needs less time.
    static final List<Sample> TEXTS = List.of(Sample.STRUCTURED, Sample.PROSE, Sample.CHUNK);

    private static final Duration ENGINE = Duration.ofSeconds(3);

    private final PlatformSettings settings;
    private final Clock clock;
    private final SecureRandom random;
    private final Progress progress;

    public RedactionBench(PlatformSettings settings, Clock clock, SecureRandom random, Progress progress) {
        this.settings = settings;
        this.clock = clock;
        this.random = random;
        this.progress = progress;
    }

    /// Measures the engine, then each text in each way at each number of streams.
    ///
    /// @param warmup before anything is measured, on all of them together
    /// @param each the length of each measurement
    public RedactionReport run(Duration warmup, Duration each) throws InterruptedException {
        EngineReference engine = new EngineReference();
        try (GrpcWay grpc = GrpcWay.open(settings, random, clock)) {
            List<Way> ways = List.of(grpc, new RestWay(settings, clock));
            warm(engine, ways, warmup);
            List<RedactionFigure> figures = new ArrayList<>();
            for (Sample sample : TEXTS) {
                progress.detail("engine, " + sample.label());
                figures.add(engine.measure(sample, ENGINE));
            }
            for (Way way : ways) {
                for (Sample sample : way.samples()) {
                    for (int streams : STREAMS) {
                        figures.add(measure(way, sample, streams, each));
                    }
                }
            }
            return new RedactionReport(figures);
        }
    }

    private void warm(EngineReference engine, List<Way> ways, Duration warmup) throws InterruptedException {
        progress.say("Warming up for " + warmup.toSeconds() + " s.");
        int parts = TEXTS.size()
                + ways.stream().mapToInt(way -> way.samples().size()).sum();
        Duration part = warmup.dividedBy(parts);
        for (Sample sample : TEXTS) {
            engine.measure(sample, part);
        }
        for (Way way : ways) {
            for (Sample sample : way.samples()) {
                way.load(sample, STREAMS.getLast(), part);
            }
        }
    }

    private RedactionFigure measure(Way way, Sample sample, int streams, Duration each) throws InterruptedException {
        progress.detail(way.label() + ", " + sample.label() + ", " + streams + " stream(s)");
        PlatformCpu before = PlatformCpu.now(settings);
        Tally tally = way.load(sample, streams, each);
        Map<String, Double> cpu =
                PlatformCpu.now(settings).microsSince(before, tally.nanos().count());
        double all = cpu.values().stream().mapToDouble(Double::doubleValue).sum();
        return RedactionFigure.of(way.label(), sample, streams, tally, all, cpu);
    }
}
