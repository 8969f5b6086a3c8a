package dev.postern.sts.trust;

import dev.postern.chassis.peer.Workload;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.redis.RedisLink;
import dev.postern.sts.policy.PolicyStore;
import dev.postern.sts.revocation.RevocationStore;
import dev.postern.token.IdentityTrust;
import dev.postern.trust.KeyStateFollower;
import dev.postern.trust.OwnTrustFeed;
import dev.postern.trust.TrustPublisher;
import dev.postern.trust.TrustSource;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
class TrustConfiguration {

    @Bean
    TrustSource trustSource(JdbcClient jdbc, RevocationStore revocations, PolicyStore policies) {
        return new DatabaseTrust(jdbc, revocations, policies);
    }

    /// What this service verifies tokens against, too.
    @Bean
    OwnTrustFeed ownTrustFeed(Clock clock) {
        return new OwnTrustFeed(clock);
    }

    @Bean(destroyMethod = "close")
    TrustPublisher trustPublisher(TrustSource source, WorkloadIdentity identity, RedisLink redis, Clock clock) {
        return TrustPublisher.start(source, identity, redis, clock);
    }

    /// What the key-rotation-service says of keys and certificates: the one feed that this service does not write.
    @Bean(destroyMethod = "close")
    KeyStateFollower keyStateFollower(
            WorkloadIdentity identity,
            OwnTrustFeed own,
            RedisLink redis,
            @Value("${postern.trust-domain}") String trustDomain,
            @Value("${postern.trust.clock-skew}") Duration skew,
            Clock clock) {
        return KeyStateFollower.follow(
                Workload.ROTATION.id(new TrustDomain(trustDomain)),
                redis,
                IdentityTrust.of(identity),
                skew,
                clock,
                states -> own.apply(List.of(states)));
    }

    @Bean(destroyMethod = "close")
    OwnTrust ownTrust(TrustSource source, OwnTrustFeed feed, TrustPublisher publisher, Clock clock) {
        return new OwnTrust(source, feed, publisher, clock).start();
    }

    @Bean
    MeterBinder trustPublisherMetrics(TrustPublisher publisher, OwnTrustFeed own) {
        return registry -> {
            Gauge.builder(
                            "postern.trust.publisher.seq",
                            publisher,
                            live -> live.state().seq())
                    .description("Number of the feed's last entry")
                    .register(registry);
            Gauge.builder(
                            "postern.trust.publisher.pending",
                            publisher,
                            live -> live.state().pending())
                    .description("Changes that the feed has not taken yet")
                    .register(registry);
            Gauge.builder(
                            "postern.trust.publisher.leads",
                            publisher,
                            live -> live.state().leads() ? 1 : 0)
                    .description("1 while this replica keeps the feed ticking")
                    .register(registry);
            FunctionCounter.builder(
                            "postern.trust.publisher.failures",
                            publisher,
                            live -> live.state().failures())
                    .description("Steps that Redis or the database refused")
                    .register(registry);
            Gauge.builder("postern.trust.own.current", own, live -> live.current() ? 1 : 0)
                    .description("0 while the database cannot say what is revoked")
                    .register(registry);
        };
    }
}
