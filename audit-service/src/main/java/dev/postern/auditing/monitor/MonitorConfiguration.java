package dev.postern.auditing.monitor;

import dev.postern.auditing.sequence.Sequencer;
import dev.postern.auditing.shard.ShardFiles;
import dev.postern.tlog.PriorKnowledge;
import dev.postern.tlog.ShardKey;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Wires the monitor.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(MonitorProperties.class)
class MonitorConfiguration {

    @Bean(initMethod = "start", destroyMethod = "close")
    LogMonitor logMonitor(MonitorProperties properties, Sequencer sequencer, ShardFiles files, SecureRandom random) {
        return new LogMonitor(
                () -> sequencer.newest(Integer.MAX_VALUE),
                shard -> ShardKey.choose(
                                shard.origin(),
                                files.vkey(shard.name()).map(text -> (text + "\n").getBytes(StandardCharsets.US_ASCII)),
                                PriorKnowledge.NONE)
                        .verifier(),
                properties,
                random);
    }

    @Bean
    MeterBinder monitorMetrics(LogMonitor monitor) {
        return registry -> {
            FunctionCounter.builder("postern.audit.monitor.entries", monitor, LogMonitor::entries)
                    .description("Published entries that were read and hashed again")
                    .register(registry);
            FunctionCounter.builder("postern.audit.monitor.samples", monitor, LogMonitor::samples)
                    .description("Bundles taken at random that were checked up to the root")
                    .register(registry);
            FunctionCounter.builder("postern.audit.monitor.faults", monitor, LogMonitor::faults)
                    .description("Looks at the published log that found something wrong")
                    .register(registry);
            Gauge.builder("postern.audit.monitor.behind", monitor, LogMonitor::behind)
                    .description("Published entries of the newest shard that are not verified yet")
                    .register(registry);
        };
    }

    @Bean
    MonitorHealth auditMonitorHealth(LogMonitor monitor) {
        return new MonitorHealth(monitor);
    }
}
