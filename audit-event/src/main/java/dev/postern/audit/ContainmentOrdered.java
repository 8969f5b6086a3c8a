package dev.postern.audit;

import java.util.Optional;

/// A rule of the policy contained an anomaly, without anybody's hand.
///
/// @param orderedBy the SPIFFE id of the service that saw it
/// @param rule the rule of the policy
/// @param action `revoke-session`, `revoke-client` or `reissue`
/// @param scorePermille the anomaly score, 0 to 1000
public record ContainmentOrdered(
        String incidentId,
        String orderedBy,
        String rule,
        String action,
        String clientId,
        Optional<String> sessionId,
        int scorePermille)
        implements AuditEvent {

    public ContainmentOrdered {
        incidentId = EventText.bounded(incidentId);
        orderedBy = EventText.bounded(orderedBy);
        rule = EventText.bounded(rule);
        action = EventText.bounded(action);
        clientId = EventText.bounded(clientId);
        sessionId = EventText.bounded(sessionId);
    }
}
