package dev.postern.gateway.decision;

import dev.postern.policy.Facts;
import dev.postern.policy.Phase;
import dev.postern.redis.RedisLink;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Keeps the facts of denied requests for a quarter of an hour (`postern:denial:<requestId>`), so that the security
/// team can be told why. They hold no text of a request.
///
/// While Redis is away a denial cannot be explained later; it is a denial all the same.
final class Denials {
    private static final Duration LIFE = Duration.ofMinutes(15);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final RedisLink redis;

    Denials(RedisLink redis) {
        this.redis = redis;
    }

    /// Returns at once.
    void remember(String requestId, long policyEpoch, String ruleId, Facts facts) {
        redis.connection().filter(StatefulRedisConnection::isOpen).ifPresent(open -> {
            var _ = open.async()
                    .set("postern:denial:" + requestId, json(policyEpoch, ruleId, facts), SetArgs.Builder.px(LIFE));
        });
    }

    private static String json(long policyEpoch, String ruleId, Facts facts) {
        ObjectNode json = JSON.createObjectNode();
        json.put("policy_version", policyEpoch);
        json.put("phase", Phase.SESSION.wireName());
        json.put("rule", ruleId);
        json.set("facts", JSON.readTree(facts.toJson()));
        return json.toString();
    }
}
