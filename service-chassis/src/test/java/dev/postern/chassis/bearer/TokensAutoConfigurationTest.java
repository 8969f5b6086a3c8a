package dev.postern.chassis.bearer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.chassis.keys.NoncesAutoConfiguration;
import dev.postern.chassis.time.TimeAutoConfiguration;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.redis.SingleUse;
import dev.postern.token.AccessTokenVerifier;
import dev.postern.token.KeyDirectory;
import dev.postern.token.TrustState;
import dev.postern.trust.OwnTrustFeed;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

final class TokensAutoConfigurationTest {
    private final WebApplicationContextRunner service = new WebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    TimeAutoConfiguration.class, NoncesAutoConfiguration.class, TokensAutoConfiguration.class))
            .withUserConfiguration(Neighbours.class)
            .withPropertyValues(
                    "postern.trust-domain=postern.local",
                    "postern.tokens.issuer=https://localhost:1",
                    "postern.tokens.directory=https://localhost:1",
                    "postern.tokens.uses=tool",
                    "postern.tokens.clock-skew=5s",
                    "postern.tokens.directory-staleness=10m");

    @Test
    void serviceWithAnAudienceChecksAccessTokens() {
        service.withPropertyValues(
                        "postern.tokens.audience=urn:postern:sample", "postern.tokens.public-url=https://sample")
                .run(context -> assertThat(context).hasSingleBean(AccessTokens.class));
    }

    @Test
    void serviceWithoutAPublicUrlVerifiesTokensItself() {
        service.withPropertyValues("postern.tokens.audience=urn:postern:sample")
                .run(context -> assertThat(context)
                        .hasSingleBean(AccessTokenVerifier.class)
                        .doesNotHaveBean(AccessTokens.class));
    }

    @Test
    void serviceWithoutAnAudienceFollowsTheDirectoryAndTakesNoTokens() {
        service.run(context -> assertThat(context)
                .hasSingleBean(KeyDirectory.class)
                .doesNotHaveBean(AccessTokenVerifier.class)
                .doesNotHaveBean(AccessTokens.class));
    }

    @Test
    void directoryItselfFollowsNone() {
        service.withPropertyValues("postern.tokens.follow-directory=false")
                .run(context -> assertThat(context).doesNotHaveBean(KeyDirectory.class));
    }

    @Configuration
    static class Neighbours {
        @Bean
        WorkloadIdentity identity(Clock clock) {
            return InMemoryAuthority.create("test", Duration.ofDays(1), clock, new SecureRandom())
                    .identityOf(new TrustDomain("postern.local").idOf("redaction-service"));
        }

        @Bean
        TrustState trust(Clock clock) {
            return new OwnTrustFeed(clock);
        }

        @Bean
        SingleUse used() {
            return (_, _) -> CompletableFuture.completedStage(SingleUse.Use.FIRST);
        }

        @Bean
        MeterRegistry meters() {
            return new SimpleMeterRegistry();
        }
    }
}
