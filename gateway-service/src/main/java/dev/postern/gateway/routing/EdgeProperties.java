package dev.postern.gateway.routing;

import dev.postern.gateway.api.Operation;
import java.time.Duration;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// What the edge takes from clients.
///
/// The longest head of a request, all headers together, is `server.max-http-request-header-size`.
///
/// @param bodyLimit the longest request body
/// @param bodyLimits the same for single routes, by their id (`chat-completions`, `completions`, `embeddings`)
/// @param maxHeaders how many header lines a request may have
/// @param requestTimeout how long a request may take to arrive, head and body
/// @param idleTimeout how long a connection is kept without a request
/// @param maxConnections beyond them new connections are closed unread
@ConfigurationProperties("postern.gateway.edge")
public record EdgeProperties(
        @DefaultValue("1MB") DataSize bodyLimit,
        @DefaultValue Map<String, DataSize> bodyLimits,
        @DefaultValue("64") int maxHeaders,
        @DefaultValue("30s") Duration requestTimeout,
        @DefaultValue("60s") Duration idleTimeout,
        @DefaultValue("2048") int maxConnections) {
    public EdgeProperties {
        bodyLimits = Map.copyOf(bodyLimits);
        if (!isInBounds(bodyLimit) || !bodyLimits.values().stream().allMatch(EdgeProperties::isInBounds)) {
            throw new IllegalArgumentException("postern.gateway.edge.body-limit and body-limits must be 1B to 64MB");
        }
        if (!bodyLimits.keySet().stream()
                .allMatch(route ->
                        Operation.ofRoute(route).filter(Operation::hasBody).isPresent())) {
            throw new IllegalArgumentException(
                    "postern.gateway.edge.body-limits are by the ids of routes that take a body");
        }
        if (maxHeaders < 1) {
            throw new IllegalArgumentException("postern.gateway.edge.max-headers must be positive");
        }
        if (maxConnections < 1) {
            throw new IllegalArgumentException("postern.gateway.edge.max-connections must be positive");
        }
        if (!requestTimeout.isPositive() || !idleTimeout.isPositive()) {
            throw new IllegalArgumentException(
                    "postern.gateway.edge.request-timeout and idle-timeout must be positive");
        }
    }

    private static boolean isInBounds(DataSize limit) {
        return limit.toBytes() >= 1
                && limit.toBytes() <= DataSize.ofMegabytes(64).toBytes();
    }

    int bodyLimit(Operation operation) {
        return (int) bodyLimits.getOrDefault(operation.routeId(), bodyLimit).toBytes();
    }
}
