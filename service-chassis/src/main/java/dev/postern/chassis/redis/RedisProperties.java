package dev.postern.chassis.redis;

import dev.postern.redis.RedisSettings;
import dev.postern.redis.RedisTrust;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where Redis is.
///
/// @param passwordFile read at every connection, so that a changed password needs no restart
/// @param timeout of one command; a slower answer counts as none
/// @param tls whether the connection is encrypted, with this service's certificate for a Redis that asks for one
/// @param caCertificate whose word is taken for Redis' certificate, in PEM; without it and `serverIdentity`, the JDK's
/// @param serverIdentity the SPIFFE id of Redis, if its certificate is of the platform's own authority
@ConfigurationProperties("postern.redis")
public record RedisProperties(
        @DefaultValue("127.0.0.1") String host,
        @DefaultValue("8379") int port,
        Path passwordFile,
        @DefaultValue("500ms") Duration timeout,
        @DefaultValue("false") boolean tls,
        @Nullable Path caCertificate,
        @Nullable URI serverIdentity) {
    public RedisProperties {
        if (!tls && (caCertificate != null || serverIdentity != null)) {
            throw new IllegalArgumentException(
                    "postern.redis.ca-certificate and server-identity mean nothing without postern.redis.tls: true");
        }
        if (caCertificate != null && serverIdentity != null) {
            throw new IllegalArgumentException(
                    "postern.redis.ca-certificate is for a Redis with another authority's certificate,"
                            + " server-identity for one with the platform's: set one of them");
        }
        var _ = new RedisSettings(host, port, passwordFile, timeout);
    }

    RedisSettings settings() {
        return new RedisSettings(host, port, passwordFile, timeout, tls ? Optional.of(trust()) : Optional.empty());
    }

    private RedisTrust trust() {
        if (serverIdentity != null) {
            return new RedisTrust.Workload(serverIdentity);
        }
        return caCertificate != null ? new RedisTrust.Authority(caCertificate) : new RedisTrust.PublicAuthorities();
    }
}
