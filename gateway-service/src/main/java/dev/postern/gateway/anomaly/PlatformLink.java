package dev.postern.gateway.anomaly;

import dev.postern.gateway.relay.LinkFailures;
import dev.postern.policy.anomaly.Behaviours;
import dev.postern.policy.anomaly.FailureKind;
import dev.postern.policy.anomaly.Origin;
import dev.postern.session.DropReason;
import java.time.Clock;

/// Frames that do not authenticate, or come out of order, on the gateway's own sessions with relays. They are scored
/// and shown, and that is all: such a session carries every client, so no client is to blame and none is contained.
final class PlatformLink implements LinkFailures {

    private static final Origin LINK = new Origin("", "gateway-service", "", "");

    private final Behaviours link = new Behaviours(1);
    private final Clock clock;

    PlatformLink(Behaviours.Listener meters, Clock clock) {
        this.clock = clock;
        link.onObservation(meters);
    }

    @Override
    public void dropped(DropReason reason) {
        switch (reason.fault()) {
            case NOT_AUTHENTIC -> link.failed(LINK, FailureKind.AUTHENTICATION, clock.millis());
            case OUT_OF_ORDER -> link.failed(LINK, FailureKind.SEQUENCE, clock.millis());
            case NONE -> {}
        }
    }
}
