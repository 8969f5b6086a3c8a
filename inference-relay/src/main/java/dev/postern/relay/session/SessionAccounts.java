package dev.postern.relay.session;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.FrameRejected;
import dev.postern.audit.RequestRejected;
import dev.postern.audit.SessionClosed;
import dev.postern.audit.SessionOpened;
import dev.postern.relay.admission.Admitted;
import dev.postern.relay.problem.Failure;
import dev.postern.relay.request.Caller;
import dev.postern.session.DropReason;
import dev.postern.session.Refusal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// Measures sessions and frames and reports them to the audit trail. Thread-safe.
final class SessionAccounts {
    private static final String OPEN = "ssp1-open";

    private final MeterRegistry meters;
    private final Consumer<AuditEvent> audit;
    private final Timer frameOpen;
    private final Counter replays;
    private final Counter echoes;
    private final Map<DropReason, Counter> rejected = new EnumMap<>(DropReason.class);
    private volatile BiConsumer<DropReason, Caller> drops = (_, _) -> {};
    private volatile Consumer<String> unopened = _ -> {};

    SessionAccounts(MeterRegistry meters, Consumer<AuditEvent> audit) {
        this.meters = meters;
        this.audit = audit;
        this.frameOpen = Timer.builder("postern.frame.open")
                .description("Opening one received frame: window, AEAD, order")
                .register(meters);
        this.replays = Counter.builder("postern.replays.rejected")
                .description("Frames dropped because they were received before, or may have been")
                .register(meters);
        this.echoes = meters.counter("postern.requests", "operation", "echo", "outcome", "ok");
        for (DropReason reason : DropReason.values()) {
            rejected.put(
                    reason,
                    Counter.builder("postern.frames.rejected")
                            .tag("reason", reason.code())
                            .register(meters));
        }
    }

    void frameOpened(long nanos) {
        frameOpen.record(nanos, TimeUnit.NANOSECONDS);
    }

    void onDrop(BiConsumer<DropReason, Caller> listener) {
        drops = listener;
    }

    void onUnopened(Consumer<String> listener) {
        unopened = listener;
    }

    void frameRejected(DropReason reason, Admitted admitted) {
        drops.accept(reason, admitted.self());
        if (reason == DropReason.BAD_TAG) {
            unopened.accept(admitted.keyId());
        }
        Counter counter = rejected.get(reason);
        if (counter != null) {
            counter.increment();
        }
        if (reason == DropReason.DUPLICATE || reason == DropReason.TOO_OLD) {
            replays.increment();
        }
        audit.accept(new FrameRejected(
                reason.code(),
                Optional.of(sessionId(admitted)),
                Optional.of(admitted.self().clientId()),
                1));
    }

    void opened(Admitted admitted) {
        meters.counter("postern.sessions.opened", "suite", admitted.suite()).increment();
        audit.accept(new SessionOpened(
                sessionId(admitted),
                admitted.keyId(),
                admitted.suite(),
                admitted.self().clientId(),
                admitted.self().tenant(),
                admitted.self().tokenId(),
                admitted.self().keyId()));
    }

    void refused(Refusal refusal) {
        meters.counter("postern.sessions.refused", "reason", refusal.code()).increment();
        audit.accept(new RequestRejected(
                refusal.code(), OPEN, Optional.empty(), Optional.empty(), Optional.empty(), refusal.httpStatus(), 1));
    }

    void closed(Admitted admitted, SessionEnd end, long framesOpened, long framesRejected) {
        meters.counter("postern.sessions.closed", "reason", end.reason()).increment();
        audit.accept(new SessionClosed(
                sessionId(admitted), admitted.self().clientId(), end.reason(), framesOpened, framesRejected));
    }

    /// An answer was given again to a request that was sent again.
    void repeated() {
        meters.counter("postern.requests.repeated").increment();
    }

    /// The relay answered by itself. There is nothing for the audit trail: no data, no model, no effect.
    void echoed() {
        echoes.increment();
    }

    /// A request that never became one: it could not be read, or its caller may not make it.
    void requestRefused(Admitted admitted, String operation, Failure failure) {
        meters.counter(
                        "postern.requests",
                        "operation",
                        "unread",
                        "outcome",
                        failure.code().wireName())
                .increment();
        audit.accept(new RequestRejected(
                failure.code().wireName(),
                operation,
                Optional.of(admitted.self().clientId()),
                Optional.of(sessionId(admitted)),
                Optional.of(admitted.self().tokenId()),
                failure.status(),
                1));
    }

    static String sessionId(Admitted admitted) {
        return admitted.accepted().session().id().toString();
    }
}
