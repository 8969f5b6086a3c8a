package dev.postern.auditing.ingest;

import dev.postern.audit.AuditTrail;
import dev.postern.auditing.root.RootLog;
import dev.postern.auditing.sequence.Sequencer;
import dev.postern.chassis.peer.Door;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Scheduled;

/// Wires what takes events.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({IngestProperties.class, ProducersProperties.class})
class IngestConfiguration {
    private static final System.Logger LOG = System.getLogger(IngestConfiguration.class.getName());

    @Bean
    IngestMetrics ingestMetrics(MeterRegistry registry, Clock clock) {
        return new IngestMetrics(registry, clock);
    }

    @Bean
    GapAlarm gapListener(AuditTrail trail, RootLog root, MeterRegistry registry) {
        return new GapAlarm(trail, root, registry);
    }

    @Bean
    ProducerWatch producerWatch(
            ProducersProperties properties,
            Sequencer sequencer,
            WorkloadIdentity identity,
            AuditTrail trail,
            MeterRegistry registry,
            Clock clock) {
        ProducerWatch watch = new ProducerWatch(
                properties,
                alert -> {
                    var _ = trail.record(alert);
                },
                registry,
                clock);
        try {
            TrustDomain domain = new TrustDomain(identity.current().spiffeId().getAuthority());
            watch.begin(sequencer.lately(Door.AUDIT_EVENTS.ids(domain)));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "who was heard before this start is not known: {0}", e.getMessage());
        }
        return watch;
    }

    @Bean
    SilenceSchedule silenceSchedule(ProducerWatch watch) {
        return new SilenceSchedule(watch);
    }

    /// Looks for silent producers.
    record SilenceSchedule(ProducerWatch watch) {
        @Scheduled(fixedDelay = 5_000)
        void look() {
            watch.look();
        }
    }
}
