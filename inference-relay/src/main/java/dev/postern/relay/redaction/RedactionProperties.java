package dev.postern.relay.redaction;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where redaction is and how long a step of it may take.
///
/// @param service the workload name its certificate must carry
/// @param timeout for one prompt, and for one piece of an answer
/// @param longestPause between attempts to connect again
@ConfigurationProperties("postern.relay.redaction")
public record RedactionProperties(
        @DefaultValue("localhost") String host,
        @DefaultValue("8645") int port,
        @DefaultValue("redaction-service") String service,
        @DefaultValue("2s") Duration timeout,
        @DefaultValue("1s") Duration longestPause) {
    public RedactionProperties {
        if (host.isBlank() || port < 1 || port > 65535) {
            throw new IllegalArgumentException("postern.relay.redaction needs a host and a port");
        }
        if (timeout.isNegative() || timeout.isZero() || longestPause.isNegative() || longestPause.isZero()) {
            throw new IllegalArgumentException("postern.relay.redaction.timeout and longest-pause must be positive");
        }
    }
}
