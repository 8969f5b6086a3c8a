package dev.postern.relay.anomaly;

import dev.postern.policy.anomaly.Behaviours;
import dev.postern.policy.anomaly.FailureKind;
import dev.postern.policy.anomaly.Origin;
import dev.postern.relay.request.Caller;
import dev.postern.session.DropReason;
import java.time.Clock;
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
        switch (reason.fault()) {
            case NOT_AUTHENTIC -> behaviours.failed(origin, FailureKind.AUTHENTICATION, clock.millis());
            case OUT_OF_ORDER -> behaviours.failed(origin, FailureKind.SEQUENCE, clock.millis());
            case NONE -> {}
        }
    }
}
