package dev.postern.chassis.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.redis.RedisLink;
import dev.postern.redis.RedisTrust;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

final class RedisAutoConfigurationTest {
    private final ApplicationContextRunner service = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(RedisAutoConfiguration.class))
            .withPropertyValues("postern.redis.port=1", "postern.redis.password-file=nowhere");

    @Test
    void linkWhenTlsIsNotAskedForThenNeedsNoIdentity() {
        service.run(context -> {
            assertThat(context).hasSingleBean(RedisLink.class);
            assertThat(context.getBean(RedisProperties.class).settings().tls()).isEmpty();
        });
    }

    @Test
    void linkWhenTlsIsAskedForThenHasTheIdentity() {
        service.withUserConfiguration(Identity.class)
                .withPropertyValues("postern.redis.tls=true")
                .run(context -> assertThat(context).hasSingleBean(RedisLink.class));
        service.withPropertyValues("postern.redis.tls=true")
                .run(context ->
                        assertThat(context).getFailure().hasRootCauseInstanceOf(NoSuchBeanDefinitionException.class));
    }

    @Test
    void trustWhenConfiguredThenIsOfThatKind() {
        assertTrusts(new RedisTrust.PublicAuthorities());
        assertTrusts(new RedisTrust.Authority(Path.of("ca.pem")), "postern.redis.ca-certificate=ca.pem");
        assertTrusts(
                new RedisTrust.Workload(URI.create("spiffe://postern.local/redis")),
                "postern.redis.server-identity=spiffe://postern.local/redis");
    }

    private void assertTrusts(RedisTrust trust, String... properties) {
        service.withUserConfiguration(Identity.class)
                .withPropertyValues("postern.redis.tls=true")
                .withPropertyValues(properties)
                .run(context -> assertThat(context.getBean(RedisProperties.class)
                                .settings()
                                .tls())
                        .contains(trust));
    }

    @Test
    void startWhenTheTrustCannotBeMeantThenFails() {
        service.withPropertyValues("postern.redis.ca-certificate=ca.pem")
                .run(context ->
                        assertThat(context).getFailure().hasStackTraceContaining("without postern.redis.tls: true"));
        service.withUserConfiguration(Identity.class)
                .withPropertyValues(
                        "postern.redis.tls=true",
                        "postern.redis.ca-certificate=ca.pem",
                        "postern.redis.server-identity=spiffe://postern.local/redis")
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining("set one of them"));
    }

    @Configuration
    static class Identity {
        @Bean
        WorkloadIdentity identity() {
            return InMemoryAuthority.create("test", Duration.ofDays(1), Clock.systemUTC(), new SecureRandom())
                    .identityOf(new TrustDomain("postern.local").idOf("redaction-service"));
        }
    }
}
