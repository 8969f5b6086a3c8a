package dev.postern.gateway.decision;

import dev.postern.gateway.admission.QuotaView;
import dev.postern.gateway.live.LiveRequests;
import dev.postern.gateway.policy.AnomalyScores;
import dev.postern.gateway.policy.RegionOf;
import dev.postern.policy.PolicyInForce;
import dev.postern.redis.RedisLink;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DecisionConfiguration {

    @Bean
    Granted granted(PolicyInForce policy) {
        return new Granted(policy);
    }

    @Bean
    Decisions decisions(
            PolicyInForce policy,
            LiveRequests live,
            RegionOf regions,
            AnomalyScores anomalies,
            QuotaView quotas,
            RedisLink redis,
            MeterRegistry meters,
            Clock clock) {
        policy.onChange(() -> live.reconsider(_ -> true));
        anomalies.onChange(client -> live.reconsider(
                serving -> client.clientId().equals(serving.token().clientId())));
        DecisionMeters decided = new DecisionMeters(meters);
        return new Decisions(
                policy,
                new Attributes(regions, anomalies, quotas, clock),
                new Denials(redis, new DenialSample(clock), decided),
                new CapabilityUses(redis, clock),
                decided);
    }
}
