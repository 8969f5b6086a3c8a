package dev.postern.auditing.copy;

import dev.postern.auditing.retention.RetentionProperties;
import dev.postern.auditing.root.RootLog;
import dev.postern.auditing.s3.S3Bucket;
import dev.postern.auditing.s3.S3Credentials;
import dev.postern.auditing.shard.ShardFiles;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Wires the second store, where there is one.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CopyProperties.class)
@ConditionalOnProperty("postern.audit.copy.bucket")
class CopyConfiguration {
    @Bean(destroyMethod = "close")
    S3Bucket copyBucket(CopyProperties properties) {
        Path credentials = Objects.requireNonNull(properties.credentialsFile());
        try {
            return S3Bucket.open(
                    new S3Bucket.Place(
                            properties.bucket(),
                            Objects.requireNonNull(properties.region()),
                            properties.endpoint(),
                            properties.prefix()),
                    S3Credentials.in(credentials));
        } catch (IOException e) {
            throw new CopyUnusable(
                    "The second store of the audit log cannot be used: " + e.getMessage()
                            + " (postern.audit.copy.credentials-file).",
                    e);
        }
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    LogCopier logCopier(
            CopyProperties properties,
            RetentionProperties retention,
            S3Bucket bucket,
            ShardFiles files,
            RootLog root,
            Clock clock) {
        return new LogCopier(
                files,
                root,
                bucket,
                UnaryOperator.identity(),
                properties,
                retention.keep().plus(retention.grace()),
                clock);
    }

    @Bean
    MeterBinder copyMetrics(LogCopier copier) {
        return registry -> {
            Gauge.builder("postern.audit.copy.behind", copier, LogCopier::behind)
                    .description("Published entries that the second store lacks")
                    .register(registry);
            Gauge.builder("postern.audit.copy.age", copier, live -> live.age().toMillis() / 1000.0)
                    .description("Since the second store last had everything that was published")
                    .baseUnit("seconds")
                    .register(registry);
            FunctionCounter.builder("postern.audit.copy.failures", copier, LogCopier::failures)
                    .description("Steps of copying that failed")
                    .register(registry);
            FunctionCounter.builder("postern.audit.copy.contradictions", copier, LogCopier::contradictions)
                    .description("Looks that found something else in the second store than was published")
                    .register(registry);
        };
    }

    @Bean
    CopyHealth auditCopyHealth(LogCopier copier) {
        return new CopyHealth(copier);
    }
}
