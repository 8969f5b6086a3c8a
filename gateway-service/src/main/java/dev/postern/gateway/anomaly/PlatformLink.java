package dev.postern.gateway.anomaly;

import dev.postern.gateway.relay.LinkFailures;
import dev.postern.policy.anomaly.Behaviours;
import dev.postern.policy.anomaly.FailureKind;
import dev.postern.policy.anomaly.Origin;
import dev.postern.session.DropReason;
import java.time.Clock;
import java.util.Optional;

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
        kind(reason).ifPresent(kind -> link.failed(LINK, kind, clock.millis()));
    }

    private static Optional<FailureKind> kind(DropReason reason) {
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
