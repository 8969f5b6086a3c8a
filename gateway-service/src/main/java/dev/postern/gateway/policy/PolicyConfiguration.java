package dev.postern.gateway.policy;

import dev.postern.trust.TrustFeed;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PolicyConfiguration {

    @Bean
    PolicyInForce policyInForce(TrustFeed feed) {
        ThreadPoolExecutor compiling = new ThreadPoolExecutor(
                1,
                1,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("policy-compiler").factory());
        compiling.allowCoreThreadTimeOut(true);
        PolicyInForce policy = new PolicyInForce(compiling);
        policy.follow(feed);
        return policy;
    }

    @Bean
    MeterBinder policyMetrics(PolicyInForce policy) {
        return registry -> {
            Gauge.builder(
                            "postern.policy.epoch",
                            policy,
                            live -> live.current().map(InForce::epoch).orElse(0L))
                    .description("Version of the policy set in force; 0 before the first")
                    .register(registry);
            FunctionCounter.builder("postern.policy.refused", policy, live -> (double) live.refused())
                    .description("Published policy sets that could not be compiled")
                    .register(registry);
        };
    }
}
