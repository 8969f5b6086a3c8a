package dev.postern.relay.anomaly;

import dev.postern.policy.anomaly.Behaviours;
import dev.postern.policy.anomaly.FailureKind;
import dev.postern.policy.anomaly.Origin;
import dev.postern.relay.request.Caller;
import dev.postern.session.DropReason;
import java.time.Clock;
import java.util.Optional;
import java.util.function.BiConsumer;

/// Frames that were dropped, as behaviour of the client whose session they came in. Called on event loops; never waits.
///
/// What a session that delegates drops is nobody's behaviour in particular: it carries all clients of the gateway.
final class FrameFailures implements BiConsumer<DropReason, Caller> {

    private final Behaviours behaviours;
    private final Clock clock;

    FrameFailures(Behaviours behaviours, Clock clock) {
        this.behaviours = behaviours;
        this.clock = clock;
    }

    @Override
    public void accept(DropReason reason, Caller self) {
        if (self.scopes().contains(Caller.DELEGATE)) {
            return;
        }
        Origin origin = new Origin(self.tenant(), self.clientId(), self.sessionId(), self.tokenId());
        kind(reason).ifPresent(kind -> behaviours.failed(origin, kind, clock.millis()));
    }

    static Optional<FailureKind> kind(DropReason reason) {
        return switch (reason) {
            case BAD_TAG, MALFORMED, TOO_LARGE, UNKNOWN_SESSION, REFLECTED -> Optional.of(FailureKind.AUTHENTICATION);
            case DUPLICATE,
                    TOO_OLD,
                    BAD_INDEX,
                    UNKNOWN_EPOCH,
                    EPOCH_RETIRED,
                    FRAME_LIMIT,
                    UNKNOWN_STREAM,
                    STREAM_LIMIT -> Optional.of(FailureKind.SEQUENCE);
            // What was under way when this end stopped is nobody's fault.
            case STREAM_ENDED, REVOKED, CLOSED -> Optional.empty();
        };
    }
}
