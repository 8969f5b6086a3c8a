package dev.postern.relay;

import dev.postern.relay.server.RelayServer;
import org.springframework.context.SmartLifecycle;

/// Ties the relay's listener to the application's life: it listens last and stops first.
final class RelayLifecycle implements SmartLifecycle {
    private final RelayServer server;
    private volatile boolean running;

    RelayLifecycle(RelayServer server) {
        this.server = server;
    }

    @Override
    public void start() {
        server.start();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        server.stop();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
