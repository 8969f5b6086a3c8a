package dev.postern.chassis.trust;

import dev.postern.chassis.identity.IdentityAutoConfiguration;
import dev.postern.chassis.peer.Door;
import dev.postern.chassis.redis.RedisAutoConfiguration;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.redis.RedisLink;
import dev.postern.token.IdentityTrust;
import dev.postern.token.TrustState;
import dev.postern.trust.FollowerSettings;
import dev.postern.trust.HttpSnapshotSource;
import dev.postern.trust.TrustFollower;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/// Follows the trust feed (`postern.trust.enabled`, on unless the service decides about trust itself). Whoever brings a
/// [TrustState] brings the feed as well, or needs none: see `OwnTrustFeed`.
///
/// Fails closed: without a feed, and without a [TrustState] of the service's own, a service that verifies tokens does
/// not start; while the feed is silent, every token is refused with 503.
@AutoConfiguration(after = {IdentityAutoConfiguration.class, RedisAutoConfiguration.class})
@EnableConfigurationProperties(TrustProperties.class)
@ConditionalOnProperty(name = "postern.trust.enabled", matchIfMissing = true)
@ConditionalOnMissingBean(TrustState.class)
public class TrustAutoConfiguration {
    private static final String DECIDES = "token-service";
    private static final String KEEPS_KEYS = "key-rotation-service";

    @Bean(destroyMethod = "close")
    HttpSnapshotSource trustSnapshots(TrustProperties properties, WorkloadIdentity identity) {
        URI publisher = Door.TRUST_SNAPSHOT.server(identity);
        Duration timeout = properties.silence().dividedBy(3);
        return new HttpSnapshotSource(
                properties.publisher(), publisher, identity.httpClient(publisher, timeout), timeout);
    }

    @Bean(destroyMethod = "close")
    TrustFollower trustFollower(
            TrustProperties properties,
            RedisLink redis,
            HttpSnapshotSource snapshots,
            WorkloadIdentity identity,
            @Value("${postern.trust-domain}") String trustDomain,
            Clock clock) {
        TrustDomain domain = new TrustDomain(trustDomain);
        FollowerSettings settings = new FollowerSettings(
                domain.idOf(DECIDES), domain.idOf(KEEPS_KEYS), properties.silence(), properties.clockSkew());
        TrustFollower follower = TrustFollower.follow(settings, redis, snapshots, IdentityTrust.of(identity), clock);
        // The publisher sees a new certificate at once, not at the next cross-check.
        identity.onChange(_ -> follower.crossCheck());
        return follower;
    }

    @Bean
    MeterBinder trustFollowerMetrics(TrustFollower follower) {
        return new FollowerMetrics(follower);
    }
}
