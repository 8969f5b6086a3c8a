package dev.postern.auditing.monitor;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How hard the monitor works.
///
/// @param pause    between two rounds
/// @param bundles  of 256 entries at most, that a round checks for the first time; one more is a sample
@ConfigurationProperties("postern.audit.monitor")
public record MonitorProperties(
        @DefaultValue("5s") Duration pause,
        @DefaultValue("200") int bundles) {

    public MonitorProperties {
        if (pause.isNegative() || pause.isZero() || pause.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("postern.audit.monitor.pause is up to an hour");
        }
        if (bundles < 1 || bundles > 100_000) {
            throw new IllegalArgumentException("postern.audit.monitor.bundles is 1 to 100000");
        }
    }
}
