package dev.postern.cli.bench.sealed;

import dev.postern.cli.platform.OwnProcess;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.PlatformSettings;
import dev.postern.cli.platform.ProcessRecords;
import dev.postern.cli.platform.ProcessUsage;
import dev.postern.cli.terminal.Progress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// How many sessions a relay holds that are open and say next to nothing, straight at the relay.
public final class IdleBench {
    /// Small enough for the burst that a relay admits at once.
    private static final int BATCH = 200;
    /// Below what a relay admits in the long run.
    private static final int PER_SECOND = 90;
    /// Before the relay ends a session for idleness.
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(40);

    private final PlatformSettings settings;
    private final Clock clock;
    private final SecureRandom random;
    private final Progress progress;

    public IdleBench(PlatformSettings settings, Clock clock, SecureRandom random, Progress progress) {
        this.settings = settings;
        this.clock = clock;
        this.random = random;
        this.progress = progress;
    }

    /// Opens so many sessions, holds them, calls the roll, and closes them.
    public IdleFigure run(int sessions) throws InterruptedException {
        OwnProcess relay = new ProcessRecords(settings.home()).running(PlatformService.RELAY.artifact());
        List<Lanes> open = new ArrayList<>();
        try (Openings openings = new Openings(settings, clock, random)) {
            long before = ProcessUsage.residentMegabytes(relay.pid());
            try {
                open(sessions, openings, open);
                progress.detail("holding them for " + SIGN_OF_LIFE.toSeconds() + " s, then calling the roll");
                TimeUnit.NANOSECONDS.sleep(SIGN_OF_LIFE.toNanos());
                long after = ProcessUsage.residentMegabytes(relay.pid());
                int alive = 0;
                for (Lanes lanes : open) {
                    alive += lanes.callTheRoll().latencies().count();
                }
                return new IdleFigure(sessions, relay.heapMegabytes(), before, after, alive);
            } finally {
                open.forEach(Lanes::close);
            }
        }
    }

    private void open(int sessions, Openings openings, List<Lanes> open) throws InterruptedException {
        for (int left = sessions; left > 0; left -= BATCH) {
            long began = System.nanoTime();
            int now = Math.min(left, BATCH);
            Lanes lanes = openings.relay(now);
            open.add(lanes);
            lanes.keepAlive(SIGN_OF_LIFE);
            int opened = sessions - left + now;
            if (opened % (10 * BATCH) == 0) {
                progress.detail(opened + " sessions are open");
            }
            // No faster after a slow batch: the relay counts by the moment.
            long due = began + TimeUnit.SECONDS.toNanos(now) / PER_SECOND;
            TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
        }
    }
}
