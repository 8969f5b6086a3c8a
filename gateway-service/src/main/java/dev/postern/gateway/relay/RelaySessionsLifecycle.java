package dev.postern.gateway.relay;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/// Closes the sessions when the web server has answered its last request, and before the event loops stop: a bean's
/// destruction would come too late for a farewell.
final class RelaySessionsLifecycle implements SmartLifecycle {
    private static final int PHASE = WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1024;

    private final RelaySessions sessions;
    private volatile boolean running;

    RelaySessionsLifecycle(RelaySessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        sessions.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
