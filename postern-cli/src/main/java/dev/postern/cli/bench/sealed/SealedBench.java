package dev.postern.cli.bench.sealed;

import dev.postern.cli.bench.PlatformCpu;
import dev.postern.cli.platform.PlatformSettings;
import dev.postern.cli.terminal.Progress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What a sealed message of 1 KiB costs: a bare echo of Netty, the relay alone, gateway and relay, and streamed answers
/// of a model through everything, in one run.
public final class SealedBench {
    private static final int SESSIONS = 32;
    private static final int OPEN = 8;
    private static final int PER_SECOND = 1_000;

    private final PlatformSettings settings;
    private final Clock clock;
    private final SecureRandom random;
    private final Progress progress;

    public SealedBench(PlatformSettings settings, Clock clock, SecureRandom random, Progress progress) {
        this.settings = settings;
        this.clock = clock;
        this.random = random;
        this.progress = progress;
    }

    /// Measures all targets.
    ///
    /// @param warmup before anything is measured, on all of them together
    /// @param each the length of each measurement
    public List<SealedFigure> run(Duration warmup, Duration each) throws InterruptedException {
        try (Openings openings = new Openings(settings, clock, random)) {
            progress.say("Warming up for " + warmup.toSeconds() + " s.");
            for (Target target : Target.values()) {
                try (Lanes lanes = open(target, openings)) {
                    lanes.saturate(OPEN, warmup.dividedBy(Target.values().length));
                }
            }
            List<SealedFigure> figures = new ArrayList<>();
            for (Target target : Target.values()) {
                figures.addAll(measure(target, each, openings));
            }
            return figures;
        }
    }

    private enum Target {
        NETTY_ECHO("netty-echo"),
        RELAY_ECHO("relay-echo"),
        SEALED_ECHO("sealed-echo"),
        SEALED_STREAM("sealed-stream");

        private final String label;

        Target(String label) {
            this.label = label;
        }
    }

    private Lanes open(Target target, Openings openings) throws InterruptedException {
        return switch (target) {
            case NETTY_ECHO -> openings.bare(SESSIONS);
            case RELAY_ECHO -> openings.relay(SESSIONS);
            case SEALED_ECHO -> openings.gateway(SESSIONS, Requests.echo(random));
            case SEALED_STREAM -> openings.gateway(SESSIONS, Requests.stream(random));
        };
    }

    private List<SealedFigure> measure(Target target, Duration each, Openings openings) throws InterruptedException {
        try (Lanes lanes = open(target, openings)) {
            if (target == Target.SEALED_STREAM) {
                return List.of(measure(target, "1 open", () -> lanes.saturate(1, each)));
            }
            return List.of(
                    measure(target, PER_SECOND + "/s", () -> lanes.pace(PER_SECOND, each)),
                    measure(target, OPEN + " open", () -> lanes.saturate(OPEN, each)));
        }
    }

    private interface Run {
        Lane.Tally run() throws InterruptedException;
    }

    private SealedFigure measure(Target target, String load, Run run) throws InterruptedException {
        progress.detail(target.label + ", " + SESSIONS + " sessions, " + load);
        PlatformCpu before = PlatformCpu.now(settings);
        long began = System.nanoTime();
        Lane.Tally tally = run.run();
        double seconds = (System.nanoTime() - began) / 1e9;
        int whole = tally.latencies().count();
        long messages = whole + tally.parts();
        Map<String, Double> cpu = PlatformCpu.now(settings).microsSince(before, messages);
        return new SealedFigure(
                target.label,
                load,
                SESSIONS,
                whole / seconds,
                messages / seconds,
                tally.latencies().percentile(0.50),
                tally.latencies().percentile(0.99),
                tally.failed(),
                cpu.values().stream().mapToDouble(Double::doubleValue).sum(),
                cpu);
    }
}
