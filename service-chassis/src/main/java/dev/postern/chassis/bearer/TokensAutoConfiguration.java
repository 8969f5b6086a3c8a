package dev.postern.chassis.bearer;

import dev.postern.chassis.identity.IdentityAutoConfiguration;
import dev.postern.chassis.peer.Door;
import dev.postern.chassis.trust.TrustAutoConfiguration;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.redis.SingleUse;
import dev.postern.token.AccessTokenVerifier;
import dev.postern.token.DirectorySettings;
import dev.postern.token.DpopNonces;
import dev.postern.token.IdentityTrust;
import dev.postern.token.KeyDirectory;
import dev.postern.token.TrustState;
import dev.postern.token.VerifierSettings;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The key directory, for services that verify or sign tokens (`postern.tokens.follow-directory`, on unless the service
/// is the directory itself), and the verifier for services that have an audience: against the [TrustState] that
/// [TrustAutoConfiguration] or the service itself brings.
@AutoConfiguration(after = {IdentityAutoConfiguration.class, TrustAutoConfiguration.class})
@EnableConfigurationProperties(TokensProperties.class)
@ConditionalOnProperty(name = "postern.tokens.follow-directory", matchIfMissing = true)
public class TokensAutoConfiguration {
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);
    private static final Duration POLL_TIMEOUT = Duration.ofSeconds(3);

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    KeyDirectory keyDirectory(
            TokensProperties properties,
            WorkloadIdentity identity,
            @Value("${postern.trust-domain}") String trustDomain,
            Clock clock) {
        DirectorySettings settings = new DirectorySettings(
                properties.directory(),
                trustDomain,
                UUID.randomUUID().toString(),
                POLL_INTERVAL,
                properties.directoryStaleness(),
                POLL_TIMEOUT);
        return KeyDirectory.follow(
                settings,
                identity.httpClient(Door.DIRECTORY.server(identity), POLL_TIMEOUT),
                IdentityTrust.of(identity),
                clock);
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnProperty("postern.tokens.audience")
    AccessTokenVerifier accessTokenVerifier(
            TokensProperties properties, KeyDirectory directory, TrustState trust, Clock clock) {
        String audience = Objects.requireNonNull(properties.audience());
        VerifierSettings settings = new VerifierSettings(
                properties.issuer().toString(), audience, properties.uses(), properties.clockSkew());
        return new AccessTokenVerifier(settings, directory, trust, clock);
    }

    @Bean
    MeterBinder keyDirectoryMetrics(KeyDirectory directory) {
        return registry -> {
            Gauge.builder("postern.keys.directory.version", directory, live ->
                            (double) live.state().version())
                    .description("Version of the key directory in force; 0 before the first")
                    .register(registry);
            Gauge.builder(
                            "postern.keys.directory.usable",
                            directory,
                            live -> live.state().inForce() ? 1 : 0)
                    .description("0 while every token is refused for want of a fresh directory")
                    .register(registry);
            FunctionCounter.builder("postern.keys.directory.refusals", directory, live ->
                            (double) live.state().refusals())
                    .description("Directories that could not be read or were refused")
                    .register(registry);
        };
    }

    /// The servlet check; a reactive service brings its own.
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    static class Servlet {
        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnProperty({"postern.tokens.audience", "postern.tokens.public-url"})
        AccessTokens accessTokens(
                AccessTokenVerifier verifier,
                TokensProperties properties,
                SingleUse used,
                DpopNonces nonces,
                MeterRegistry meters,
                Clock clock) {
            URI publicUrl = Objects.requireNonNull(properties.publicUrl());
            return new AccessTokens(verifier, publicUrl, used, nonces, meters, clock);
        }
    }
}
