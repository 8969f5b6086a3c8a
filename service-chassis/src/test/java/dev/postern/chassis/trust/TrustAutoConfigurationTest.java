package dev.postern.chassis.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postern.chassis.peer.Door;
import dev.postern.chassis.redis.RedisAutoConfiguration;
import dev.postern.chassis.time.TimeAutoConfiguration;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.token.DirectorySettings;
import dev.postern.token.IdentityTrust;
import dev.postern.token.KeyDirectory;
import dev.postern.token.TrustState;
import dev.postern.trust.FeedRefused;
import dev.postern.trust.KeyStates;
import dev.postern.trust.OwnTrustFeed;
import dev.postern.trust.TrustFeed;
import dev.postern.trust.TrustFollower;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

final class TrustAutoConfigurationTest {
    private final ApplicationContextRunner service = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    TimeAutoConfiguration.class,
                    RedisAutoConfiguration.class,
                    TrustAutoConfiguration.class,
                    TrustUseAutoConfiguration.class))
            .withUserConfiguration(Identity.class)
            .withPropertyValues(
                    "postern.trust-domain=postern.local",
                    "postern.redis.port=1",
                    "postern.redis.password-file=nowhere",
                    "postern.trust.publisher=https://localhost:1");

    @Test
    void serviceFollowsTheFeedAndIsNotReadyBeforeItIsHeard() {
        service.run(context -> {
            assertThat(context).hasSingleBean(TrustFollower.class);
            assertThat(health(context.getBean(HealthIndicator.class))).isEqualTo(Status.OUT_OF_SERVICE);
        });
    }

    @Test
    void itsMetricsHaveClosedTags() {
        service.run(context -> {
            SimpleMeterRegistry meters = new SimpleMeterRegistry();
            context.getBean(MeterBinder.class).bindTo(meters);
            assertThat(meters.get("postern.trust.current").gauge().value()).isZero();
            assertThat(meters.get("postern.trust.silence").gauge().value()).isNegative();
            assertThat(meters.find("postern.trust.refusals").functionCounters())
                    .hasSize(FeedRefused.Reason.values().length);
        });
    }

    @Test
    void whoBringsItsOwnTrustFollowsNothing() {
        service.withUserConfiguration(OwnTrust.class).run(context -> {
            assertThat(context).doesNotHaveBean(TrustFollower.class).hasSingleBean(TrustFeed.class);
            OwnTrustFeed feed = context.getBean(OwnTrustFeed.class);
            assertThat(health(context.getBean(HealthIndicator.class))).isEqualTo(Status.UP);
            feed.current(false);
            assertThat(health(context.getBean(HealthIndicator.class))).isEqualTo(Status.OUT_OF_SERVICE);
        });
    }

    @Test
    void newsOfTheKeysMakeTheNextPollOfTheDirectoryComeAtOnce() {
        service.withUserConfiguration(OwnTrust.class, RarelyPolled.class).run(context -> {
            KeyDirectory directory = context.getBean(KeyDirectory.class);
            await().until(() -> directory.state().refusals() == 1);
            assertThat(directory.state().polls()).as("and the next in an hour").isEqualTo(1);

            context.getBean(OwnTrustFeed.class).apply(List.of(new KeyStates(7, Map.of())));
            await().atMost(Duration.ofSeconds(10)).until(() -> directory.state().polls() == 2);
        });
    }

    @Test
    void whoDecidesAboutTrustFollowsNothing() {
        service.withPropertyValues("postern.trust.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(TrustState.class));
    }

    @Test
    void silenceIsBounded() {
        service.withPropertyValues("postern.trust.silence=5m")
                .run(context -> assertThat(context).hasFailed());
    }

    @Test
    void silenceIsLessThanASecondByDefault() {
        service.run(context -> assertThat(context.getBean(TrustProperties.class))
                .satisfies(properties -> {
                    assertThat(properties.silence()).isEqualTo(Duration.ofMillis(900));
                    assertThat(properties.clockSkew()).isEqualTo(Duration.ofSeconds(2));
                }));
    }

    private static Status health(HealthIndicator indicator) {
        return Objects.requireNonNull(indicator.health()).getStatus();
    }

    @Configuration
    static class Identity {
        @Bean
        WorkloadIdentity identity(Clock clock) {
            return InMemoryAuthority.create("test", Duration.ofDays(1), clock, new SecureRandom())
                    .identityOf(new TrustDomain("postern.local").idOf("redaction-service"));
        }
    }

    /// Nobody answers there.
    @Configuration
    static class RarelyPolled {
        @Bean(destroyMethod = "close")
        KeyDirectory directory(WorkloadIdentity identity, Clock clock) {
            DirectorySettings settings = new DirectorySettings(
                    URI.create("https://localhost:1"),
                    "postern.local",
                    "instance-1",
                    Duration.ofHours(1),
                    Duration.ofHours(2),
                    Duration.ofSeconds(1));
            return KeyDirectory.follow(
                    settings,
                    identity.httpClient(Door.DIRECTORY.server(identity), Duration.ofSeconds(1)),
                    IdentityTrust.of(identity),
                    clock);
        }
    }

    @Configuration
    static class OwnTrust {
        @Bean
        OwnTrustFeed trust(Clock clock) {
            return new OwnTrustFeed(clock);
        }
    }
}
