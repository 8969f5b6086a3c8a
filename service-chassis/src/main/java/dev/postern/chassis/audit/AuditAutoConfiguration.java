package dev.postern.chassis.audit;

import dev.postern.audit.AuditSettings;
import dev.postern.audit.AuditTrail;
import dev.postern.chassis.identity.IdentityAutoConfiguration;
import dev.postern.chassis.peer.Door;
import dev.postern.identity.WorkloadIdentity;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/// One audit trail per service, opened before the service serves and closed after it stopped serving.
@AutoConfiguration(after = IdentityAutoConfiguration.class)
@EnableConfigurationProperties(AuditProperties.class)
public class AuditAutoConfiguration {
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    AuditTrail auditTrail(AuditProperties properties, WorkloadIdentity identity, Clock clock) {
        AuditSettings settings =
                AuditSettings.of(identity.current().spiffeId(), properties.spoolDirectory(), properties.endpoint());
        return AuditTrail.open(
                settings,
                identity.httpClient(
                        Door.AUDIT_EVENTS.server(identity), settings.retry().timeout()),
                clock);
    }

    @Bean
    ServiceLifecycle serviceLifecycle(AuditTrail trail, @Value("${spring.application.name}") String service) {
        String version = AuditAutoConfiguration.class.getPackage().getImplementationVersion();
        return new ServiceLifecycle(
                trail, service, UUID.randomUUID().toString(), version == null ? "development" : version);
    }

    @Bean
    MeterBinder auditTrailMetrics(AuditTrail trail, Clock clock) {
        return new AuditTrailMetrics(trail, clock);
    }
}
