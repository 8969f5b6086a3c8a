package dev.postern.relay.keys;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// `postern.relay.aead-failures`: how many messages that do not open under one set of keys are a spike.
///
/// @param threshold OPENs and frames, together
/// @param window within which they come
@ConfigurationProperties("postern.relay.aead-failures")
public record AeadFailuresProperties(
        @DefaultValue("100") int threshold,
        @DefaultValue("1m") Duration window) {
    public AeadFailuresProperties {
        if (threshold < 1 || threshold > 10_000) {
            throw new IllegalArgumentException("postern.relay.aead-failures.threshold must be 1 to 10000");
        }
        if (window.compareTo(Duration.ofSeconds(1)) < 0 || window.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException("postern.relay.aead-failures.window must be 1s to 10m");
        }
    }
}
