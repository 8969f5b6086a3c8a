package dev.postern.auditing.sequence;

import dev.postern.auditing.epoch.Epoch;
import dev.postern.auditing.epoch.EpochKeySource;
import dev.postern.auditing.epoch.EpochKeys;
import dev.postern.auditing.epoch.SealedLeaves;
import dev.postern.auditing.index.EventIndex;
import dev.postern.auditing.index.IndexProperties;
import dev.postern.auditing.index.IndexRebuild;
import dev.postern.auditing.index.IndexStore;
import dev.postern.auditing.root.RootLog;
import dev.postern.auditing.root.ShardRecords;
import dev.postern.auditing.shard.ShardFiles;
import dev.postern.auditing.shard.ShardSigners;
import dev.postern.chassis.keys.KeyOwner;
import dev.postern.chassis.keys.OwnedKeys;
import dev.postern.kms.KeyManagement;
import dev.postern.kms.KeyManagementException;
import dev.postern.kms.WrappedSets;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/// Wires the writer.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({AuditLogProperties.class, IndexProperties.class})
@EnableScheduling
class SequenceConfiguration {

    @Bean
    ShardFiles shardFiles(AuditLogProperties properties) {
        return new ShardFiles(properties.directory(), properties.origin());
    }

    @Bean
    ShardSigners shardSigners(
            AuditLogProperties properties,
            ShardFiles files,
            KeyManagement keys,
            WrappedSets sets,
            Clock clock,
            SecureRandom random) {
        return new ShardSigners(keys, sets, files, clock, random, properties.secondKey());
    }

    /// Nothing starts without keys to seal under.
    @Bean
    EpochKeys epochKeys(ShardFiles files, KeyManagement keys, WrappedSets sets, Clock clock, SecureRandom random) {
        EpochKeys epochs = new EpochKeys(keys, sets, files, clock, random);
        epochs.prepare();
        return epochs;
    }

    /// The bean is what keeps the epochs registered.
    @Bean
    @ConditionalOnProperty(name = "postern.tokens.follow-directory", matchIfMissing = true)
    OwnedKeys<Epoch> epochsInTheDirectory(KeyOwner owner, EpochKeys epochs) {
        return owner.share(new EpochKeySource(epochs));
    }

    @Bean
    SealedLeaves sealedLeaves(EpochKeys epochs, SecureRandom random) {
        return new SealedLeaves(epochs, random);
    }

    @Bean(destroyMethod = "close")
    IndexStore indexStore(IndexProperties properties, ShardFiles files) {
        try {
            return IndexStore.open(properties, files.index());
        } catch (IOException e) {
            throw new AuditLogUnusable("The audit index cannot be used: " + e.getMessage() + ".", e);
        }
    }

    /// Closed with the sequencer. It knows what sealed last, which is ahead of the calendar after a compromise or a
    /// clock that was set back.
    @Bean(destroyMethod = "")
    EventIndex eventIndex(IndexStore store, EpochKeys epochs) {
        try {
            EventIndex index = EventIndex.open(store, epochs);
            epochs.prepare();
            return index;
        } catch (IOException e) {
            throw new AuditLogUnusable("The audit index cannot be used: " + e.getMessage() + ". " + store.remedy(), e);
        }
    }

    @Bean(destroyMethod = "close")
    RootLog rootLog(AuditLogProperties properties, ShardFiles files, ShardSigners signers, SecureRandom random) {
        try {
            return RootLog.open(files, signers.rootSigner(), random);
        } catch (IOException e) {
            throw new AuditLogUnusable(
                    "The root log in " + properties.directory() + " cannot be used: " + e.getMessage(), e);
        }
    }

    /// What was to be deleted is gone before any shard is opened.
    @Bean
    ShardRecords shardRecords(AuditLogProperties properties, ShardFiles files, RootLog root, Clock clock) {
        ShardRecords records = new ShardRecords(files, root, clock);
        try {
            records.finishDeletions();
        } catch (IOException e) {
            throw new AuditLogUnusable(
                    "What was to be deleted of the audit log in " + properties.directory() + " cannot be: "
                            + e.getMessage(),
                    e);
        }
        return records;
    }

    @Bean
    RootFollower rootFollower(Sequencer sequencer, ShardRecords records) {
        RootFollower follower = new RootFollower(sequencer, records);
        follower.follow();
        return follower;
    }

    /// Has the root log say what became of the shards.
    record RootFollower(Sequencer sequencer, ShardRecords records) {
        private static final System.Logger LOG = System.getLogger(RootFollower.class.getName());

        @Scheduled(fixedDelay = 5_000)
        void follow() {
            try {
                records.bringUp();
            } catch (IOException | RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "the root log lacks what became of the shards", e);
            }
        }
    }

    @Bean(destroyMethod = "close")
    Sequencer sequencer(
            ShardRecords prepared,
            AuditLogProperties properties,
            ShardFiles files,
            ShardSigners signers,
            SealedLeaves leaves,
            EventIndex index,
            Clock clock,
            SecureRandom random,
            GapListener gaps) {
        SequencerSettings settings = new SequencerSettings(properties.publicationPause());
        try {
            return Sequencer.open(files, signers, leaves, index, settings, clock, random, gaps);
        } catch (IOException e) {
            throw new AuditLogUnusable(
                    "The audit log in " + properties.directory() + " cannot be used: " + e.getMessage(), e);
        }
    }

    /// Closed with the sequencer.
    @Bean(destroyMethod = "")
    IndexRebuild indexRebuild(Sequencer sequencer) {
        return sequencer.rebuild();
    }

    @Bean
    NextKeys nextKeys(Sequencer sequencer, EpochKeys epochs) {
        return new NextKeys(sequencer, epochs);
    }

    /// Has the next shard's signer ready before its week begins, and the next epoch's keys before its day.
    record NextKeys(Sequencer sequencer, EpochKeys epochs) {
        private static final System.Logger LOG = System.getLogger(NextKeys.class.getName());

        @Scheduled(fixedDelay = 60_000)
        void prepare() {
            sequencer.prepare();
            try {
                epochs.prepare();
            } catch (KeyManagementException e) {
                LOG.log(System.Logger.Level.WARNING, "audit epochs wait for their keys: {0}", e.getMessage());
            }
        }
    }

    @Bean
    MeterBinder auditLogMetrics(Sequencer sequencer, SealedLeaves leaves, RootLog root) {
        return registry -> {
            Gauge.builder("postern.audit.log.size", sequencer, live -> (double) live.size())
                    .description("Entries of the shard that is being written")
                    .register(registry);
            Gauge.builder("postern.audit.log.writable", sequencer, live -> live.writable() ? 1 : 0)
                    .description("0 once a write failed: nothing is acknowledged until a restart")
                    .register(registry);
            Gauge.builder("postern.audit.root.size", root, live -> (double) live.size())
                    .description("Entries of the root log")
                    .register(registry);
            Gauge.builder("postern.audit.index.behind", sequencer, live -> (double) live.unindexed())
                    .description("Acknowledged events that queries do not find yet; at 32768 nothing more is taken")
                    .register(registry);
            Gauge.builder("postern.audit.root.writable", root, live -> live.writable() ? 1 : 0)
                    .description("0 once a write of the root log failed: nothing is deleted until a restart")
                    .register(registry);
            FunctionCounter.builder("postern.audit.leaves.unreadable", leaves, SealedLeaves::unreadable)
                    .description("Leaves that did not open although their epoch's keys are there")
                    .register(registry);
        };
    }

    @Bean
    AuditLogHealth auditLogHealth(Sequencer sequencer) {
        return new AuditLogHealth(sequencer);
    }
}
