package dev.postern.gateway.routing;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// What the edge takes from clients.
///
/// @param bodyLimit the longest request body
/// @param requestTimeout how long a request may take to arrive, head and body
/// @param idleTimeout how long a connection is kept without a request
/// @param maxConnections beyond them new connections are closed unread
@ConfigurationProperties("postern.gateway.edge")
public record EdgeProperties(
        @DefaultValue("1MB") DataSize bodyLimit,
        @DefaultValue("30s") Duration requestTimeout,
        @DefaultValue("60s") Duration idleTimeout,
        @DefaultValue("2048") int maxConnections) {
    public EdgeProperties {
        if (bodyLimit.toBytes() < 1
                || bodyLimit.toBytes() > DataSize.ofMegabytes(64).toBytes()) {
            throw new IllegalArgumentException("postern.gateway.edge.body-limit must be 1B to 64MB");
        }
        if (maxConnections < 1) {
            throw new IllegalArgumentException("postern.gateway.edge.max-connections must be positive");
        }
        if (!requestTimeout.isPositive() || !idleTimeout.isPositive()) {
            throw new IllegalArgumentException(
                    "postern.gateway.edge.request-timeout and idle-timeout must be positive");
        }
    }
}
