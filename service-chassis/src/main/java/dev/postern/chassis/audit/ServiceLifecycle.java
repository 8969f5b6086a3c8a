package dev.postern.chassis.audit;

import dev.postern.audit.AuditTrail;
import dev.postern.audit.ServiceStarted;
import dev.postern.audit.ServiceStopped;
import org.springframework.context.SmartLifecycle;

/// Records that the service began and ended. A start without a stop before it tells of a crash.
final class ServiceLifecycle implements SmartLifecycle {
    private final AuditTrail trail;
    private final String service;
    private final String instance;
    private final String version;
    private volatile boolean running;

    ServiceLifecycle(AuditTrail trail, String service, String instance, String version) {
        this.trail = trail;
        this.service = service;
        this.instance = instance;
        this.version = version;
    }

    @Override
    public void start() {
        var _ = trail.record(new ServiceStarted(service, instance, version));
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        var _ = trail.record(new ServiceStopped(service, instance, "shutdown"));
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /// Lowest phase: started before the web server takes requests, stopped after it has drained.
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE;
    }
}
