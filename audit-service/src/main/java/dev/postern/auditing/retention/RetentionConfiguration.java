package dev.postern.auditing.retention;

import dev.postern.audit.AuditTrail;
import dev.postern.audit.DurableRecord;
import dev.postern.auditing.epoch.EpochKeys;
import dev.postern.auditing.root.RootLog;
import dev.postern.auditing.sequence.Sequencer;
import dev.postern.auditing.shard.ShardFiles;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Scheduled;

/// Wires what deletes.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RetentionProperties.class)
class RetentionConfiguration {
    @Bean
    Retention retention(
            RetentionProperties properties,
            RootLog root,
            EpochKeys epochs,
            ShardFiles files,
            Sequencer sequencer,
            Optional<DeletionGate> gate,
            Clock clock) {
        return new Retention(properties, root, epochs, files, gate.orElse(DeletionGate.OPEN), sequencer::forget, clock);
    }

    @Bean
    DurableRecord holdRecord(AuditTrail trail) {
        return trail::recordDurably;
    }

    @Bean
    RetentionSchedule retentionSchedule(Retention retention, MeterRegistry registry) {
        return new RetentionSchedule(
                retention,
                Counter.builder("postern.audit.retention.failures")
                        .description("Runs of the retention that could not do all that was due")
                        .register(registry));
    }

    /// Runs the retention every ten minutes.
    record RetentionSchedule(Retention retention, Counter failures) {
        private static final System.Logger LOG = System.getLogger(RetentionSchedule.class.getName());

        @Scheduled(initialDelay = 30_000, fixedDelay = 600_000)
        void run() {
            try {
                retention.run();
            } catch (IOException | RuntimeException e) {
                failures.increment();
                LOG.log(System.Logger.Level.ERROR, "not everything of the audit log that is old enough is deleted", e);
            }
        }
    }

    @Bean
    MeterBinder retentionMetrics(Retention retention, Clock clock) {
        return registry -> {
            Gauge.builder("postern.audit.shards", retention, Retention::shards)
                    .description("Shards that are there")
                    .register(registry);
            Gauge.builder("postern.audit.oldest.shard.seconds", retention, live -> age(live, clock))
                    .description("Since the oldest shard that is there ended; 0 while none has")
                    .register(registry);
            Gauge.builder("postern.audit.retention.held.back", retention, live -> live.isHeldBack() ? 1 : 0)
                    .description("1 while nothing is shredded or deleted since the clock may have jumped")
                    .register(registry);
            Gauge.builder("postern.audit.holds", retention, live -> live.holds().size())
                    .description("Legal holds in force")
                    .register(registry);
            FunctionCounter.builder("postern.audit.shards.deleted", retention, Retention::deletedShards)
                    .description("Shards that were ever deleted, by the root log")
                    .register(registry);
            FunctionCounter.builder("postern.audit.epochs.destroyed", retention, Retention::shreddedDays)
                    .description("Days whose keys were ever destroyed, by the root log")
                    .register(registry);
        };
    }

    private static double age(Retention retention, Clock clock) {
        return retention
                .oldestEnd()
                .map(end -> (double) Duration.between(end, clock.instant()).toSeconds())
                .orElse(0.0);
    }
}
