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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Makes the ahead-of-time caches (JEP 483, 514, 515), once per build: the whole platform runs for a moment in a home
/// of its own, works a little, and ends; what each JVM loaded and compiled on the way becomes its cache.
final class AotTraining {
    /// A JVM that ends writes what it noted; on a busy machine that takes its time.
    private static final Duration RECORDING = Duration.ofMinutes(2);

    /// Who may end together; what others write to outlives them.
    private static final List<List<PlatformService>> ENDINGS = List.of(
            List.of(PlatformService.GATEWAY, PlatformService.RELAY, PlatformService.REDACTION, PlatformService.TOKEN),
            List.of(PlatformService.AUDIT, PlatformService.ROTATION));

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
            exercise(settings.at(home));
            for (List<PlatformService> together : ENDINGS) {
                end(platform, processes, together);
            }
        } finally {
            platform.down(RECORDING);
        }
        delete(home.root());
    }

    private void exercise(PlatformSettings training) throws InterruptedException {
        try {
            new Warmup(training, clock).run();
        } catch (Failure e) {
            progress.detail("the exercise ended early: " + e.getMessage());
        }
    }

    /// Each service ends, and its cache is made of what it noted. Either keeps one processor busy, so that there is one
    /// for each at a time.
    private void end(Platform platform, PlatformProcesses processes, List<PlatformService> services)
            throws InterruptedException {
        List<Future<?>> caches = new ArrayList<>();
        try (ExecutorService ending =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            for (PlatformService service : services) {
                caches.add(ending.submit(() -> {
                    platform.stop(service, RECORDING);
                    assembleCache(processes, service);
                    return null;
                }));
            }
            for (Future<?> cache : caches) {
                cache.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a start-up cache could not be put in its place", e);
        }
    }

    private void assembleCache(PlatformProcesses processes, PlatformService service) throws InterruptedException {
        progress.detail("writing the cache of " + service.artifact());
        try {
            processes.program(service).assembleCache(PlatformProcesses.flags(service));
        } catch (Failure e) {
            progress.detail(service.artifact() + " starts without a cache, slower: " + e.getMessage());
        }
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
