package dev.postern.audit;

import java.util.Optional;

/// A request was refused before it was served.
///
/// @param reason     a code of the rejecting service, never a caller's words
/// @param operation  the operation's fixed name, for example `/v1/chat/completions`
/// @param clientId   only when a token proved it
/// @param status     the HTTP status answered
/// @param count      how many like it this event stands for
public record RequestRejected(
        String reason,
        String operation,
        Optional<String> clientId,
        Optional<String> sessionId,
        Optional<String> tokenId,
        int status,
        long count)
        implements Rejection {

    public RequestRejected {
        reason = EventText.bounded(reason);
        operation = EventText.bounded(operation);
        clientId = EventText.bounded(clientId);
        sessionId = EventText.bounded(sessionId);
        tokenId = EventText.bounded(tokenId);
    }

    @Override
    public String coalescingKey() {
        return String.join("\n", "request", reason, operation, clientId.orElse(""), sessionId.orElse(""));
    }

    @Override
    public RequestRejected withCount(long total) {
        return new RequestRejected(reason, operation, clientId, sessionId, tokenId, status, total);
    }
}
