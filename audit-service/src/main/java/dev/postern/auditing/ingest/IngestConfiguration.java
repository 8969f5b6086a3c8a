package dev.postern.auditing.ingest;

import dev.postern.audit.AuditTrail;
import dev.postern.auditing.sequence.GapListener;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Wires what takes events.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(IngestProperties.class)
class IngestConfiguration {

    @Bean
    IngestMetrics ingestMetrics(MeterRegistry registry) {
        return new IngestMetrics(registry);
    }

    @Bean
    GapListener gapListener(AuditTrail trail, MeterRegistry registry) {
        return new GapAlarm(trail, registry);
    }
}
