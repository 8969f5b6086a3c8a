package dev.postern.chassis.trust;

import dev.postern.chassis.identity.IdentityAutoConfiguration;
import dev.postern.chassis.redis.RedisAutoConfiguration;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.redis.RedisLink;
import dev.postern.token.KeyDirectory;
import dev.postern.token.TrustState;
import dev.postern.trust.FollowerSettings;
import dev.postern.trust.HttpSnapshotSource;
import dev.postern.trust.TrustFeed;
import dev.postern.trust.TrustFollower;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.net.URI;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Follows the trust feed (`postern.trust.enabled`, on unless the service decides about trust itself).
///
/// Fails closed: without a feed, and without a [TrustState] of the service's own, a service that verifies tokens does
/// not start; while the feed is silent, every token is refused with 503.
@AutoConfiguration(after = {IdentityAutoConfiguration.class, RedisAutoConfiguration.class})
@EnableConfigurationProperties(TrustProperties.class)
@ConditionalOnProperty(name = "postern.trust.enabled", matchIfMissing = true)
public class TrustAutoConfiguration {
    private static final String DECIDES = "token-service";
    private static final String KEEPS_KEYS = "key-rotation-service";

    /// Whoever brings a [TrustState] brings the feed as well, or needs none: see `OwnTrustFeed`.
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(TrustState.class)
    static class Following {
        @Bean(destroyMethod = "close")
        HttpSnapshotSource trustSnapshots(
                TrustProperties properties,
                WorkloadIdentity identity,
                @Value("${postern.trust-domain}") String trustDomain) {
            URI publisher = new TrustDomain(trustDomain).idOf(DECIDES);
            return new HttpSnapshotSource(
                    properties.publisher(),
                    publisher,
                    identity.sslContext(publisher),
                    properties.silence().dividedBy(3));
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
            return TrustFollower.follow(
                    settings, redis, snapshots, () -> identity.current().anchors(), clock);
        }

        @Bean
        MeterBinder trustFollowerMetrics(TrustFollower follower) {
            return new FollowerMetrics(follower);
        }
    }

    /// News of the keys makes the directory come sooner than its next poll.
    @Bean
    SmartInitializingSingleton keyStateNews(ObjectProvider<TrustFeed> feeds, ObjectProvider<KeyDirectory> directories) {
        return () -> feeds.ifAvailable(
                feed -> directories.ifAvailable(directory -> feed.onKeyStates(_ -> directory.refresh())));
    }

    @Bean
    HealthIndicator trustFeedHealthIndicator(ObjectProvider<TrustFeed> feeds) {
        return new FeedHealth(feeds.stream().toList());
    }
}
