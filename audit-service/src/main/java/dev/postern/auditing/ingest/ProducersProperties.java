package dev.postern.auditing.ingest;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// When a producer is silent. Producers that have nothing to send say so every 30 seconds.
///
/// @param silentAfter nothing was heard for so long
/// @param forgetAfter then a producer is not expected any more; the alert stays in the log
@ConfigurationProperties("postern.audit-log.producers")
public record ProducersProperties(
        @DefaultValue("2m") Duration silentAfter,
        @DefaultValue("24h") Duration forgetAfter) {
    public ProducersProperties {
        if (silentAfter.isNegative() || silentAfter.isZero() || forgetAfter.compareTo(silentAfter) <= 0) {
            throw new IllegalArgumentException(
                    "postern.audit-log.producers: silent-after is positive, and forget-after longer");
        }
    }
}
