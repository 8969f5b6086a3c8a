package dev.postern.gateway.decision;

import dev.postern.gateway.decision.DecisionMeters.Forgotten;
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
/// A denial may not be explained later: of a flood a sample is kept (see [DenialSample]), and while Redis is away
/// nothing is. It is a denial all the same, and `postern.policy.denials.forgotten` counts it.
final class Denials {
    private static final Duration LIFE = Duration.ofMinutes(15);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final RedisLink redis;
    private final DenialSample sample;
    private final DecisionMeters meters;

    Denials(RedisLink redis, DenialSample sample, DecisionMeters meters) {
        this.redis = redis;
        this.sample = sample;
        this.meters = meters;
    }

    /// Returns at once.
    void remember(String requestId, long policyEpoch, String ruleId, Facts facts) {
        if (!sample.takes(facts.client().tenant(), facts.client().id())) {
            meters.forgotten(Forgotten.SAMPLED);
            return;
        }
        redis.connection()
                .filter(StatefulRedisConnection::isOpen)
                .ifPresentOrElse(
                        open -> write(open, requestId, json(policyEpoch, ruleId, facts)),
                        () -> meters.forgotten(Forgotten.REDIS_AWAY));
    }

    private void write(StatefulRedisConnection<String, String> open, String requestId, String json) {
        var _ = open.async()
                .set("postern:denial:" + requestId, json, SetArgs.Builder.px(LIFE))
                .whenComplete((_, failure) -> {
                    if (failure != null) {
                        meters.forgotten(Forgotten.REDIS_AWAY);
                    }
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
