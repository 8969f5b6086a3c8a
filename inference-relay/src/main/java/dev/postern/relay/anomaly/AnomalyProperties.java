package dev.postern.relay.anomaly;

import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// `postern.relay.anomaly`.
///
/// @param clients how many are remembered at once, about 2 KB each; the least recently seen begin anew
/// @param tokenService takes containment orders
@ConfigurationProperties("postern.relay.anomaly")
public record AnomalyProperties(@DefaultValue("10000") int clients, URI tokenService) {
    public AnomalyProperties {
        if (clients < 1 || clients > 1_000_000) {
            throw new IllegalArgumentException("postern.relay.anomaly.clients must be 1 to 1000000");
        }
    }
}
