package dev.postern.chassis.identity;

import dev.postern.identity.Credential;
import dev.postern.identity.IdentityIssuer;
import dev.postern.identity.IdentityUnavailable;
import dev.postern.identity.JoinSettings;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.trust.TrustFeed;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/// Joins the platform before anything listens: a service without its certificate does not start.
@AutoConfiguration(before = SslAutoConfiguration.class)
@EnableConfigurationProperties(IdentityProperties.class)
public class IdentityAutoConfiguration {
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    WorkloadIdentity workloadIdentity(
            IdentityProperties properties,
            @Value("${spring.application.name}") String service,
            @Value("${postern.trust-domain}") String trustDomain,
            ObjectProvider<IdentityIssuer> issuers,
            Clock clock,
            SecureRandom random) {
        return switch (properties.bootstrap()) {
            case JOIN_TOKEN ->
                join(properties, service, trustDomain, new Credential.JoinToken(properties.joinTokenFile()), clock);
            case KUBERNETES ->
                join(
                        properties,
                        service,
                        trustDomain,
                        new Credential.ServiceAccount(properties.serviceAccountTokenFile()),
                        clock);
            case VAULT -> {
                IdentityIssuer issuer = issuers.getIfAvailable(() -> {
                    throw new IdentityUnavailable(
                            IdentityUnavailable.Reason.REFUSED,
                            "postern.identity.bootstrap is vault, and this service has no issuer that speaks to one.");
                });
                yield WorkloadIdentity.issuedBy(
                        issuer,
                        new TrustDomain(trustDomain).idOf(service),
                        properties.dnsNames(),
                        clock,
                        random,
                        properties.timeout());
            }
        };
    }

    private static WorkloadIdentity join(
            IdentityProperties properties, String service, String trustDomain, Credential credential, Clock clock) {
        return WorkloadIdentity.join(
                new JoinSettings(
                        service,
                        trustDomain,
                        properties.authority(),
                        properties.caCertificate(),
                        credential,
                        properties.dnsNames(),
                        properties.timeout()),
                clock);
    }

    @Bean
    IdentityEndpoint identityEndpoint(WorkloadIdentity identity) {
        return new IdentityEndpoint(identity);
    }

    /// What the trust feed says of certificates. Keys of other classes have ids that are no serials.
    @Bean
    SmartInitializingSingleton deniedCertificates(WorkloadIdentity identity, ObjectProvider<TrustFeed> feeds) {
        return () ->
                feeds.ifAvailable(feed -> feed.onKeyStates(states -> identity.deny(CompromisedSerials.of(states))));
    }

    @Bean
    IdentityBundle identityBundle(WorkloadIdentity identity) {
        return new IdentityBundle(identity);
    }

    @Bean
    MeterBinder identityMetrics(WorkloadIdentity identity, Clock clock) {
        return registry -> {
            Gauge.builder("postern.identity.certificate.remaining", identity, live -> remaining(live, clock))
                    .description("Life left in this service's certificate")
                    .baseUnit("seconds")
                    .register(registry);
            FunctionCounter.builder(
                            "postern.identity.renewal.failures", identity, live -> (double) live.renewalFailures())
                    .description("Renewals of this service's certificate that failed")
                    .register(registry);
            FunctionCounter.builder("postern.identity.renewals", identity, live -> (double) live.renewals())
                    .description("Renewals of this service's certificate")
                    .register(registry);
            Gauge.builder("postern.identity.spare", identity, live -> live.hasSpare() ? 1 : 0)
                    .description("1 while a spare certificate stands ready")
                    .register(registry);
            Gauge.builder("postern.identity.denied", identity, WorkloadIdentity::deniedCertificates)
                    .description("Certificates that this service refuses because their keys are compromised")
                    .register(registry);
            Gauge.builder(
                            "postern.identity.connections",
                            identity,
                            live -> live.connections().size())
                    .description("Open connections that end before their certificates do")
                    .register(registry);
        };
    }

    private static double remaining(WorkloadIdentity identity, Clock clock) {
        return Duration.between(clock.instant(), identity.notAfter()).toMillis() / 1000.0;
    }
}
