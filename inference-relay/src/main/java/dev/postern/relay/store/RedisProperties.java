package dev.postern.relay.store;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where Redis is.
///
/// @param passwordFile read at every connection, so that a changed password needs no restart
/// @param timeout of one command; a slower answer counts as none
@ConfigurationProperties("postern.relay.redis")
public record RedisProperties(
        @DefaultValue("127.0.0.1") String host,
        @DefaultValue("8379") int port,
        Path passwordFile,
        @DefaultValue("500ms") Duration timeout) {
    public RedisProperties {
        if (host.isBlank() || port < 1 || port > 65535) {
            throw new IllegalArgumentException("postern.relay.redis needs a host and a port");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("postern.relay.redis.timeout must be positive");
        }
    }
}
