package dev.postern.chassis.identity;

import dev.postern.identity.JoinSettings;
import dev.postern.identity.WorkloadIdentity;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
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
            Clock clock) {
        JoinSettings settings = new JoinSettings(
                service,
                trustDomain,
                properties.authority(),
                properties.caCertificate(),
                properties.joinTokenFile(),
                properties.dnsNames(),
                properties.timeout());
        return WorkloadIdentity.join(settings, clock);
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
        };
    }

    private static double remaining(WorkloadIdentity identity, Clock clock) {
        return Duration.between(clock.instant(), identity.notAfter()).toMillis() / 1000.0;
    }
}
