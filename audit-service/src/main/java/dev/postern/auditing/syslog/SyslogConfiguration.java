package dev.postern.auditing.syslog;

import dev.postern.audit.root.RootState;
import dev.postern.auditing.AuditServiceApplication;
import dev.postern.auditing.epoch.SealedLeaves;
import dev.postern.auditing.root.RootLog;
import dev.postern.auditing.sequence.AuditLogProperties;
import dev.postern.auditing.sequence.Sequencer;
import dev.postern.auditing.shard.PublishedShard;
import dev.postern.auditing.shard.ShardName;
import dev.postern.identity.WorkloadIdentity;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedTrustManager;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Wires the export by syslog, where a collector is named.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SyslogProperties.class)
@ConditionalOnProperty("postern.audit.syslog.host")
class SyslogConfiguration {
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration SENDING = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofMillis(500);

    @Bean(destroyMethod = "close")
    SyslogExporter syslogExporter(
            SyslogProperties properties,
            AuditLogProperties log,
            Sequencer sequencer,
            RootLog root,
            SealedLeaves leaves,
            WorkloadIdentity identity,
            Clock clock) {
        Collector collector = new TlsCollector(
                Objects.requireNonNull(properties.host()),
                properties.port(),
                tls(properties, identity),
                properties.ca() != null,
                new TlsCollector.Patience(ANSWER, properties.linger().plus(SENDING)));
        String version = AuditServiceApplication.class.getPackage().getImplementationVersion();
        SyslogExporter exporter = new SyslogExporter(
                () -> shards(sequencer),
                () -> deleted(root.state()),
                leaves,
                collector,
                new ExportPosition(log.directory().resolve("export").resolve("syslog")),
                new SyslogExporter.Format(
                        properties.hostname(), version == null ? "unknown" : version, properties.linger(), LOOK),
                clock);
        try {
            exporter.start();
        } catch (IOException e) {
            throw new SyslogUnusable(String.valueOf(e.getMessage()), e);
        }
        return exporter;
    }

    private static Supplier<SSLContext> tls(SyslogProperties properties, WorkloadIdentity identity) {
        Path ca = properties.ca();
        if (ca != null) {
            X509ExtendedTrustManager trust = CollectorTrust.of(ca);
            return () -> identity.sslContext(trust);
        }
        URI server = Objects.requireNonNull(properties.server());
        return () -> identity.sslContext(server);
    }

    private static NavigableMap<ShardName, PublishedShard> shards(Sequencer sequencer) {
        NavigableMap<ShardName, PublishedShard> shards = new TreeMap<>();
        sequencer.newest(Integer.MAX_VALUE).forEach(shard -> shards.put(shard.name(), shard));
        return shards;
    }

    private static Set<ShardName> deleted(RootState state) {
        return state.shards().stream()
                .filter(name -> state.shard(name).deleted())
                .map(ShardName::new)
                .collect(Collectors.toSet());
    }

    @Bean
    MeterBinder syslogMetrics(SyslogExporter exporter) {
        return registry -> {
            Gauge.builder("postern.audit.export.behind", exporter, live -> (double) live.behind())
                    .description("Published leaves that the collector has not confirmed")
                    .register(registry);
            Gauge.builder(
                            "postern.audit.export.lag",
                            exporter,
                            live -> live.lag().toMillis() / 1000.0)
                    .description("For how long the oldest of them has waited")
                    .baseUnit("seconds")
                    .register(registry);
            FunctionCounter.builder("postern.audit.export.events", exporter, SyslogExporter::sent)
                    .description("Events that the collector confirmed, repetitions included")
                    .register(registry);
            FunctionCounter.builder("postern.audit.export.failures", exporter, SyslogExporter::failures)
                    .description("Connections that did not come about, or were not confirmed")
                    .register(registry);
            FunctionCounter.builder("postern.audit.export.unreadable", exporter, SyslogExporter::unreadable)
                    .description("Leaves that were not sent because they do not open: shredded, or altered")
                    .register(registry);
            FunctionCounter.builder("postern.audit.export.missed.shards", exporter, SyslogExporter::missed)
                    .description("Shards that were deleted before all of them was sent")
                    .register(registry);
        };
    }
}
