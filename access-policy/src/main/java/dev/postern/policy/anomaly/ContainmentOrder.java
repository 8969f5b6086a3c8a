package dev.postern.policy.anomaly;

import dev.postern.policy.Containment;
import tools.jackson.databind.json.JsonMapper;

/// What a service asks of the token-service because a rule of the policy said so (`POST /v1/containments`).
///
/// @param incident the same for every repetition of the same order
/// @param score from 0 to 1
public record ContainmentOrder(String incident, Origin origin, Containment containment, double score) {

    private static final JsonMapper JSON = JsonMapper.shared();

    public int scorePermille() {
        return (int) Math.round(score * 1000);
    }

    public String toJson() {
        return JSON.createObjectNode()
                .put("incident", incident)
                .put("action", containment.action().wireName())
                .put("session_id", origin.sessionId())
                .put("client_id", origin.clientId())
                .put("tenant", origin.tenant())
                .put("token_id", origin.tokenId())
                .put("rule", containment.ruleId())
                .put("score", score)
                .toString();
    }
}
