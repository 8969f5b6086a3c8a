package dev.postern.gateway.anomaly;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// `postern.gateway.anomaly`.
///
/// @param clients how many are remembered at once, about 2 KB each; the least recently seen learn anew
@ConfigurationProperties("postern.gateway.anomaly")
public record AnomalyProperties(@DefaultValue("10000") int clients) {
    public AnomalyProperties {
        if (clients < 1 || clients > 1_000_000) {
            throw new IllegalArgumentException("postern.gateway.anomaly.clients must be 1 to 1000000");
        }
    }
}
