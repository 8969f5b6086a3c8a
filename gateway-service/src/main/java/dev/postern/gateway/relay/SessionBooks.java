package dev.postern.gateway.relay;

import dev.postern.audit.AuditTrail;
import dev.postern.audit.FrameRejected;
import dev.postern.audit.SessionClosed;
import dev.postern.audit.SessionOpened;
import dev.postern.session.DropReason;
import dev.postern.session.SessionId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logs, counts and audits what becomes of the gateway's sealed sessions. Safe for any thread.
final class SessionBooks {
    private static final Logger log = LoggerFactory.getLogger(SessionBooks.class);

    private final AuditTrail trail;
    private final AtomicInteger open;
    private final Map<DropReason, Counter> dropped = new EnumMap<>(DropReason.class);

    private final LinkFailures failures;

    SessionBooks(AuditTrail trail, MeterRegistry meters, LinkFailures failures) {
        this.trail = trail;
        this.failures = failures;
        this.open = meters.gauge("postern.sessions.open", new AtomicInteger());
        for (DropReason reason : DropReason.values()) {
            dropped.put(reason, meters.counter("postern.frames.rejected", "reason", reason.code()));
        }
    }

    void opened(SessionOpened event) {
        open.incrementAndGet();
        log.info("sealed session {} opened", event.sessionId());
        // The trail counts events that it could not spool.
        var _ = trail.record(event);
    }

    void closed(SessionId session, String reason, long received, long rejected) {
        open.decrementAndGet();
        log.info("sealed session {} closed: {}", session, reason);
        var _ = trail.record(new SessionClosed(session.toString(), RelayTokens.CLIENT_ID, reason, received, rejected));
    }

    void dropped(SessionId session, DropReason reason) {
        failures.dropped(reason);
        Counter counter = dropped.get(reason);
        if (counter != null) {
            counter.increment();
        }
        // Chunks that were under way when this end cancelled their stream are nobody's fault.
        if (reason != DropReason.STREAM_ENDED) {
            var _ = trail.record(new FrameRejected(
                    reason.code(), Optional.of(session.toString()), Optional.of(RelayTokens.CLIENT_ID), 1));
        }
    }
}
