package dev.postern.cli.platform;

import dev.postern.cli.home.Directories;
import dev.postern.cli.home.PosternHome;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.terminal.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;

/// Makes the ahead-of-time caches (JEP 483, 514, 515), once per build: the whole platform runs for a moment in a home
/// of its own, works
/// a little, and ends; what each JVM loaded and compiled on the way becomes its cache.
final class AotTraining {
    /// A JVM that ends writes what it noted; on a busy machine that takes its time.
    private static final Duration RECORDING = Duration.ofMinutes(2);

    private final PlatformSettings settings;
    private final SecureRandom random;
    private final Clock clock;
    private final Progress progress;

    AotTraining(PlatformSettings settings, SecureRandom random, Clock clock, Progress progress) {
        this.settings = settings;
        this.random = random;
        this.clock = clock;
        this.progress = progress;
    }

    void runIfNeeded() throws InterruptedException {
        PosternHome home =
                new PosternHome(settings.checkout().root().resolve("target").resolve("training-home"));
        Platform platform = new Platform(settings.at(home), random, clock, progress);
        PlatformProcesses processes = platform.processes();
        if (prepare(processes)) {
            return;
        }
        progress.say("First start of this build: the services run once to fill their start-up caches.");
        delete(home.root());
        platform.start(Launch.TRAINING);
        try {
            new Warmup(settings.at(home), clock).run();
        } catch (Failure e) {
            progress.detail("the exercise ended early: " + e.getMessage());
        } finally {
            platform.down(RECORDING);
        }
        for (PlatformService service : PlatformService.values()) {
            progress.detail("writing the cache of " + service.artifact());
            try {
                processes.program(service).assembleCache(PlatformProcesses.flags(service));
            } catch (Failure e) {
                progress.detail(service.artifact() + " starts without a cache, slower: " + e.getMessage());
            }
        }
        delete(home.root());
    }

    /// Unpacks all programs; true when all of them have their cache.
    private static boolean prepare(PlatformProcesses processes) throws InterruptedException {
        boolean cached = true;
        for (PlatformService service : PlatformService.values()) {
            Program program = processes.program(service);
            program.unpack();
            cached &= program.hasCache();
        }
        return cached;
    }

    private static void delete(Path directory) {
        try {
            Directories.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
