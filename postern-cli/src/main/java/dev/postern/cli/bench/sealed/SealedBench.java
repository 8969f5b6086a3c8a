package dev.postern.cli.bench.sealed;

import dev.postern.cli.bench.PlatformCpu;
import dev.postern.cli.platform.PlatformSettings;
import dev.postern.cli.terminal.Progress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What a sealed message of 1 KiB costs: a bare echo of Netty, the relay alone, gateway and relay, and streamed answers
/// of a model through everything, in one run.
public final class SealedBench {
    private static final int SESSIONS = 32;
    private static final int WARM = 8;

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
                    lanes.saturate(WARM, warmup.dividedBy(Target.values().length));
                }
            }
            List<SealedFigure> figures = new ArrayList<>();
            for (Target target : Target.values()) {
                figures.addAll(measure(target, each, openings));
            }
            return figures;
        }
    }

    /// What is measured, and how it is loaded.
    enum Target {
        NETTY_ECHO("netty-echo"),
        RELAY_ECHO("relay-echo"),
        SEALED_ECHO("sealed-echo"),
        SEALED_STREAM("sealed-stream");

        private final String label;

        Target(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }

        List<Load> loads() {
            return this == SEALED_STREAM ? List.of(new Load.Open(1)) : Load.ECHO;
        }
    }

    /// One run's load on all connections of a target together.
    sealed interface Load {
        /// Latency where there is no queue, latency at the rate that is aimed at (two messages each), and what is most.
        List<Load> ECHO = List.of(new Paced(1_000), new Paced(5_000), new Open(8));

        /// As figures name it.
        String label();

        Lane.Tally on(Lanes lanes, Duration each) throws InterruptedException;

        /// So many round trips a second.
        record Paced(int perSecond) implements Load {
            @Override
            public String label() {
                return perSecond + "/s";
            }

            @Override
            public Lane.Tally on(Lanes lanes, Duration each) throws InterruptedException {
                return lanes.pace(perSecond, each);
            }
        }

        /// So many questions open on each connection.
        record Open(int questions) implements Load {
            @Override
            public String label() {
                return questions + " open";
            }

            @Override
            public Lane.Tally on(Lanes lanes, Duration each) throws InterruptedException {
                return lanes.saturate(questions, each);
            }
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
        List<SealedFigure> figures = new ArrayList<>();
        try (Lanes lanes = open(target, openings)) {
            for (Load load : target.loads()) {
                figures.add(measure(target, load, lanes, each));
            }
        }
        return figures;
    }

    private SealedFigure measure(Target target, Load load, Lanes lanes, Duration each) throws InterruptedException {
        progress.detail(target.label() + ", " + SESSIONS + " sessions, " + load.label());
        PlatformCpu before = PlatformCpu.now(settings);
        long began = System.nanoTime();
        Lane.Tally tally = load.on(lanes, each);
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        return SealedFigure.of(
                new SealedFigure.Run(target.label(), load.label(), SESSIONS),
                tally,
                took,
                PlatformCpu.now(settings).microsSince(before, tally.messages()));
    }
}
