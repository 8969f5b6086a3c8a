package dev.postern.trust;

import java.time.Clock;
import java.util.List;

/// A feed inside one process: for a service that verifies tokens against what it decides itself, and for tests.
/// Current from the start, until told otherwise. Thread-safe; listeners run on the thread that applies.
public final class OwnTrustFeed extends BoardFeed {
    private volatile boolean current = true;

    public OwnTrustFeed(Clock clock) {
        super(clock);
        board().current(true);
    }

    public void apply(List<? extends TrustChange> changes) {
        board().apply(List.copyOf(changes));
    }

    /// Whether its source can be relied on at this moment.
    public void current(boolean now) {
        current = now;
        board().current(now);
    }

    /// Forgets revocations whose time is over.
    public void expire() {
        board().expire();
    }

    @Override
    public boolean current() {
        return current;
    }
}
