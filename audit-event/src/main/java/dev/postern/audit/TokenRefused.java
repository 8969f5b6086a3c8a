package dev.postern.audit;

import java.util.Optional;

/// The token-service refused to issue.
///
/// @param clientId  only a client id that is registered; anything else a caller sent must be left out
/// @param count     how many like it this event stands for
public record TokenRefused(String reason, Optional<String> clientId, long count) implements Rejection {

    public TokenRefused {
        reason = EventText.bounded(reason);
        clientId = EventText.bounded(clientId);
    }

    @Override
    public String coalescingKey() {
        return String.join("\n", "token", reason, clientId.orElse(""));
    }

    @Override
    public TokenRefused withCount(long total) {
        return new TokenRefused(reason, clientId, total);
    }
}
