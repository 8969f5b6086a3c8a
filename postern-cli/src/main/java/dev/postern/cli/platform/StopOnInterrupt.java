package dev.postern.cli.platform;

import java.time.Duration;

/// Stops a platform when the command line is ended from outside (Ctrl-C, SIGTERM) before it is done with it.
public final class StopOnInterrupt implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Thread hook;

    public StopOnInterrupt(Platform platform) {
        Thread worker = Thread.currentThread();
        this.hook = Thread.ofPlatform().unstarted(() -> stop(platform, worker));
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /// From here on the platform may outlive this process.
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // the end has begun, and the hook with it
        }
    }

    private static void stop(Platform platform, Thread worker) {
        try {
            // The command itself cleans up when it is interrupted; what it leaves, because it does not listen, is
            // stopped here.
            worker.interrupt();
            worker.join(PATIENCE);
            platform.down();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
