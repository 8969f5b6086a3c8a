package dev.postern.auditing.sequence;

import dev.postern.auditing.shard.ShardFiles;
import dev.postern.auditing.shard.ShardSigners;
import dev.postern.kms.KeyManagement;
import dev.postern.kms.WrappedSets;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/// Wires the writer.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AuditLogProperties.class)
@EnableScheduling
class SequenceConfiguration {

    @Bean
    ShardFiles shardFiles(AuditLogProperties properties) {
        return new ShardFiles(properties.directory(), properties.origin());
    }

    @Bean
    ShardSigners shardSigners(
            ShardFiles files, KeyManagement keys, WrappedSets sets, Clock clock, SecureRandom random) {
        return new ShardSigners(keys, sets, files, clock, random);
    }

    @Bean(destroyMethod = "close")
    Sequencer sequencer(
            AuditLogProperties properties,
            ShardFiles files,
            ShardSigners signers,
            Clock clock,
            SecureRandom random,
            GapListener gaps) {
        SequencerSettings settings = new SequencerSettings(properties.publicationPause());
        try {
            return Sequencer.open(files, signers, settings, clock, random, gaps);
        } catch (IOException e) {
            throw new AuditLogUnusable(
                    "The audit log in " + properties.directory() + " cannot be used: " + e.getMessage(), e);
        }
    }

    @Bean
    NextShard nextShard(Sequencer sequencer) {
        return new NextShard(sequencer);
    }

    /// Has the next shard's signer ready before its week begins.
    record NextShard(Sequencer sequencer) {
        @Scheduled(fixedDelay = 60_000)
        void prepare() {
            sequencer.prepare();
        }
    }

    @Bean
    MeterBinder auditLogMetrics(Sequencer sequencer) {
        return registry -> {
            Gauge.builder("postern.audit.log.size", sequencer, live -> (double) live.size())
                    .description("Entries of the shard that is being written")
                    .register(registry);
            Gauge.builder("postern.audit.log.writable", sequencer, live -> live.writable() ? 1 : 0)
                    .description("0 once a write failed: nothing is acknowledged until a restart")
                    .register(registry);
        };
    }

    @Bean
    AuditLogHealth auditLogHealth(Sequencer sequencer) {
        return new AuditLogHealth(sequencer);
    }
}
