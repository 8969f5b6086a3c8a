package dev.postern.relay.server;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where the relay listens. To whom, the peer matrix says.
///
/// @param eventLoops threads; 0 means one per processor
/// @param maxConnections beyond them new connections are closed unread
/// @param handshakeTimeout for TLS, for the first request, and from the upgrade to OPEN
/// @param drain how long requests in flight may take to finish on shutdown
@ConfigurationProperties("postern.relay.server")
public record ServerProperties(
        @DefaultValue("127.0.0.1") String address,
        @DefaultValue("8743") int port,
        @DefaultValue("0") int eventLoops,
        @DefaultValue("32768") int maxConnections,
        @DefaultValue("5s") Duration handshakeTimeout,
        @DefaultValue("10s") Duration drain) {
    public ServerProperties {
        if (address.isBlank() || port < 0 || port > 65535) {
            throw new IllegalArgumentException("postern.relay.server needs an address and a port");
        }
        if (eventLoops < 0 || maxConnections < 1) {
            throw new IllegalArgumentException("postern.relay.server limits must be positive");
        }
        if (handshakeTimeout.isNegative() || handshakeTimeout.isZero() || drain.isNegative()) {
            throw new IllegalArgumentException("postern.relay.server times must be positive");
        }
    }
}
