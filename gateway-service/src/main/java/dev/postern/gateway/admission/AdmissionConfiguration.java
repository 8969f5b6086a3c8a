package dev.postern.gateway.admission;

import dev.postern.gateway.relay.RelayProperties;
import dev.postern.redis.RedisLink;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AdmissionConfiguration {
    /// What a request may take beyond its deadline: admission, and an answer that is read slowly.
    private static final Duration MARGIN = Duration.ofSeconds(30);

    @Bean
    LastQuotas quotaView(Clock clock) {
        return new LastQuotas(clock);
    }

    @Bean
    Admission admission(
            RedisLink redis,
            Clock clock,
            RelayProperties relay,
            LimitSource limits,
            AdmissionProperties properties,
            LastQuotas quotas,
            MeterRegistry meters,
            UsageListener usage) {
        Duration lease = relay.sessionWait().plus(relay.deadline()).plus(MARGIN);
        return new Admission(
                new RedisLedger(redis, clock),
                new LocalLedger(clock),
                new Demands(clock, lease),
                limits,
                properties,
                quotas,
                new AdmissionMeters(meters),
                usage);
    }
}
