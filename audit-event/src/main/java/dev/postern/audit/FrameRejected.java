package dev.postern.audit;

import java.util.Optional;

/// A frame of a sealed session was dropped: replayed, altered, malformed or out of order. The session lives on.
///
/// @param reason  a code of the session layer, for example `replayed`
/// @param count   how many like it this event stands for
public record FrameRejected(String reason, Optional<String> sessionId, Optional<String> clientId, long count)
        implements Rejection {

    public FrameRejected {
        reason = EventText.bounded(reason);
        sessionId = EventText.bounded(sessionId);
        clientId = EventText.bounded(clientId);
    }

    @Override
    public String coalescingKey() {
        return String.join("\n", "frame", reason, sessionId.orElse(""), clientId.orElse(""));
    }

    @Override
    public FrameRejected withCount(long total) {
        return new FrameRejected(reason, sessionId, clientId, total);
    }
}
