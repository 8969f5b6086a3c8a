package dev.postern.rotation.ledger;

import dev.postern.rotation.lifecycle.KeyRing;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// All that the ledger keeps.
///
/// @param fence of the leader that wrote it
/// @param paused who stopped scheduled replacement, and when
/// @param incidents the newest last; as many as are worth keeping
record LedgerContent(long fence, KeyRing ring, Optional<Pause> paused, List<Incident> incidents) {
    private static final int MOST_INCIDENTS = 64;

    static final LedgerContent EMPTY = new LedgerContent(0, KeyRing.EMPTY, Optional.empty(), List.of());

    LedgerContent {
        incidents = List.copyOf(incidents.subList(Math.max(0, incidents.size() - MOST_INCIDENTS), incidents.size()));
    }

    record Pause(String by, Instant since) {}

    LedgerContent with(KeyRing next) {
        return new LedgerContent(fence, next, paused, incidents);
    }

    LedgerContent with(Optional<Pause> pause) {
        return new LedgerContent(fence, ring, pause, incidents);
    }

    LedgerContent with(List<Incident> reported) {
        return new LedgerContent(fence, ring, paused, reported);
    }

    LedgerContent ledBy(long newFence) {
        return new LedgerContent(newFence, ring, paused, incidents);
    }
}
