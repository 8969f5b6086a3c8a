package dev.postern.gateway.policy;

import dev.postern.policy.PolicyInForce;
import dev.postern.trust.TrustFeed;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PolicyConfiguration {

    @Bean
    PolicyInForce policyInForce(TrustFeed feed) {
        PolicyInForce policy = PolicyInForce.onAThreadOfItsOwn();
        feed.onPolicy(published -> policy.publish(published.epoch(), published.policySetJson()));
        return policy;
    }

    @Bean
    MeterBinder policyMetrics(PolicyInForce policy) {
        return registry -> {
            Gauge.builder("postern.policy.epoch", policy, live -> (double) live.epoch())
                    .description("Version of the policy set in force; 0 before the first")
                    .register(registry);
            FunctionCounter.builder("postern.policy.refused", policy, live -> (double) live.refused())
                    .description("Published policy sets that could not be compiled")
                    .register(registry);
        };
    }
}
