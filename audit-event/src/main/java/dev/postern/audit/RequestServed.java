package dev.postern.audit;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A request went to a model and its answer went back; the counts say how much, never what.
///
/// @param operation  the operation's fixed name, for example `/v1/chat/completions`
/// @param upstream   the configured name of the model server that was asked last; absent when none was
/// @param tokenId    the `jti` of the caller's token
/// @param keyId      the `kid` that signed that token
/// @param outcome    `ok`, or the error code with which it ended
/// @param redacted   entity type to how many were replaced
public record RequestServed(
        String requestId,
        Optional<String> sessionId,
        String operation,
        String model,
        Optional<String> upstream,
        String clientId,
        String tenant,
        String tokenId,
        String keyId,
        String outcome,
        long inputTokens,
        long outputTokens,
        Map<String, Integer> redacted,
        long durationMillis)
        implements AuditEvent {

    public RequestServed {
        requestId = EventText.bounded(requestId);
        sessionId = EventText.bounded(sessionId);
        operation = EventText.bounded(operation);
        model = EventText.bounded(model);
        upstream = EventText.bounded(upstream);
        clientId = EventText.bounded(clientId);
        tenant = EventText.bounded(tenant);
        tokenId = EventText.bounded(tokenId);
        keyId = EventText.bounded(keyId);
        outcome = EventText.bounded(outcome);
        TreeMap<String, Integer> counts = new TreeMap<>();
        redacted.forEach((entity, count) -> counts.merge(EventText.bounded(entity), count, Integer::sum));
        redacted = Collections.unmodifiableMap(counts);
    }
}
