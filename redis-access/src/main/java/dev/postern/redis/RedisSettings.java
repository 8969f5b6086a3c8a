package dev.postern.redis;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Where Redis is.
///
/// @param passwordFile read at every connection, so that a changed password needs no restart
/// @param timeout of one command; a slower answer counts as none
/// @param tls who is believed to be Redis; empty: connections are not encrypted, for loopback
public record RedisSettings(String host, int port, Path passwordFile, Duration timeout, Optional<RedisTrust> tls) {
    public RedisSettings {
        if (host.isBlank() || port < 1 || port > 65535) {
            throw new IllegalArgumentException("postern.redis needs a host and a port");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("postern.redis.timeout must be positive");
        }
    }

    /// Unencrypted, for loopback.
    public RedisSettings(String host, int port, Path passwordFile, Duration timeout) {
        this(host, port, passwordFile, timeout, Optional.empty());
    }
}
