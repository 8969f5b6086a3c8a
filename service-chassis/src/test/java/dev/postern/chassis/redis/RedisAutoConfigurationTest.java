package dev.postern.chassis.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.redis.RedisLink;
import dev.postern.redis.RedisTrust;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

final class RedisAutoConfigurationTest {
    private static final int TLS_HANDSHAKE = 22;

    @TempDir
    Path home;

    private final ApplicationContextRunner service = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(RedisAutoConfiguration.class))
            .withPropertyValues("postern.redis.port=1", "postern.redis.password-file=nowhere");

    @Test
    void linkWhenTlsIsNotAskedForThenNeedsNoIdentityAndSpeaksRedis() throws IOException {
        assertThat(firstOctet(service)).isEqualTo('*');
    }

    @Test
    void linkWhenTlsIsAskedForThenBeginsAHandshake() throws IOException {
        assertThat(firstOctet(
                        service.withUserConfiguration(Identity.class).withPropertyValues("postern.redis.tls=true")))
                .isEqualTo(TLS_HANDSHAKE);
    }

    @Test
    void startWhenTlsIsAskedForWithoutAnIdentityThenFails() {
        service.withPropertyValues("postern.redis.tls=true")
                .run(context ->
                        assertThat(context).getFailure().hasRootCauseInstanceOf(NoSuchBeanDefinitionException.class));
    }

    /// What the link sends first to whoever listens where it is told that Redis is.
    private int firstOctet(ApplicationContextRunner configured) throws IOException {
        Path password = Files.writeString(home.resolve("password"), "secret");
        try (ServerSocket redis = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            redis.setSoTimeout(10_000);
            int[] first = {-1};
            configured
                    .withPropertyValues(
                            "postern.redis.host=127.0.0.1",
                            "postern.redis.port=" + redis.getLocalPort(),
                            "postern.redis.password-file=" + password)
                    .run(context -> {
                        assertThat(context).hasSingleBean(RedisLink.class);
                        try (Socket connection = redis.accept()) {
                            first[0] = connection.getInputStream().read();
                        }
                    });
            return first[0];
        }
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
