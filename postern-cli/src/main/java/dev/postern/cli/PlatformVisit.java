package dev.postern.cli;

import dev.postern.cli.platform.Platform;
import dev.postern.cli.platform.StopOnInterrupt;
import java.util.Optional;

/// A command's time with the platform: with the one that runs already, or with one started for the command and stopped
/// after it.
final class PlatformVisit implements AutoCloseable {
    private final Surroundings surroundings;
    private final Platform platform;
    private final Optional<StopOnInterrupt> interrupt;
    private boolean keep;

    private PlatformVisit(Surroundings surroundings, Platform platform, Optional<StopOnInterrupt> interrupt) {
        this.surroundings = surroundings;
        this.platform = platform;
        this.interrupt = interrupt;
        this.keep = interrupt.isEmpty();
    }

    static PlatformVisit begin(Surroundings surroundings) throws InterruptedException {
        Platform platform = surroundings.platform();
        if (platform.running()) {
            return new PlatformVisit(surroundings, platform, Optional.empty());
        }
        surroundings.progress().say("Starting the platform.");
        platform.up();
        return new PlatformVisit(surroundings, platform, Optional.of(new StopOnInterrupt(platform)));
    }

    /// Lets the platform run on after the command.
    void keep() {
        keep = true;
    }

    @Override
    public void close() {
        interrupt.ifPresent(StopOnInterrupt::close);
        if (!keep) {
            surroundings.progress().say("Stopping the platform.");
            try {
                platform.down();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
