package dev.postern.gateway.relay;

import dev.postern.session.DropReason;

/// Hears of frames that the sealed sessions with relays dropped. Called on event loops; must not wait.
@FunctionalInterface
public interface LinkFailures {
    void dropped(DropReason reason);
}
