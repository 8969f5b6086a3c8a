package dev.postern.gateway.decision;

import dev.postern.gateway.admission.QuotaLeft;
import dev.postern.gateway.admission.QuotaView;
import dev.postern.gateway.live.LiveRequests;
import dev.postern.gateway.policy.AnomalyScores;
import dev.postern.gateway.policy.PolicyInForce;
import dev.postern.gateway.policy.RegionOf;
import dev.postern.redis.RedisLink;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;

/// Where nobody says what region an address has, how unusual a client is or what it has left, policy reads that it is
/// unknown.
@Configuration(proxyBeanMethods = false)
class DecisionConfiguration {

    @Bean
    @Fallback
    Granted granted(PolicyInForce policy) {
        return new Granted(policy);
    }

    @Bean
    Decisions decisions(
            PolicyInForce policy,
            LiveRequests live,
            ObjectProvider<RegionOf> regions,
            ObjectProvider<AnomalyScores> anomalies,
            ObjectProvider<QuotaView> quotas,
            RedisLink redis,
            MeterRegistry meters,
            Clock clock) {
        AnomalyScores scores = anomalies.getIfAvailable(() -> AnomalyScores.NONE);
        policy.onChange(() -> live.reconsider(_ -> true));
        scores.onChange(client -> live.reconsider(
                serving -> client.clientId().equals(serving.token().clientId())));
        return new Decisions(
                policy,
                new Attributes(
                        regions.getIfAvailable(() -> _ -> RegionOf.UNKNOWN),
                        scores,
                        quotas.getIfAvailable(() -> (_, _) -> QuotaLeft.UNKNOWN),
                        clock),
                new Denials(redis),
                new CapabilityUses(redis, clock),
                new DecisionMeters(meters));
    }
}
