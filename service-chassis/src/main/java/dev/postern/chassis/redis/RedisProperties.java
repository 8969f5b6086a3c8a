package dev.postern.chassis.redis;

import dev.postern.redis.RedisSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where Redis is.
///
/// @param passwordFile read at every connection, so that a changed password needs no restart
/// @param timeout of one command; a slower answer counts as none
/// @param tls whether the connection is encrypted
@ConfigurationProperties("postern.redis")
public record RedisProperties(
        @DefaultValue("127.0.0.1") String host,
        @DefaultValue("8379") int port,
        Path passwordFile,
        @DefaultValue("500ms") Duration timeout,
        @DefaultValue("false") boolean tls) {
    public RedisProperties {
        var _ = new RedisSettings(host, port, passwordFile, timeout, tls);
    }

    RedisSettings settings() {
        return new RedisSettings(host, port, passwordFile, timeout, tls);
    }
}
