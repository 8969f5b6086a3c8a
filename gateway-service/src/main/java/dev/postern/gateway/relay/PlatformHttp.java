package dev.postern.gateway.relay;

import dev.postern.chassis.peer.Door;
import dev.postern.chassis.tls.CertifiedSslContext;
import dev.postern.identity.WorkloadIdentity;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import reactor.netty.http.client.HttpClient;

/// HTTP clients for other services of the platform: mutual TLS 1.3 with this service's live identity, towards one
/// pinned peer each.
final class PlatformHttp {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(5);
    /// A socket with more than this unsent takes no new requests.
    private static final WriteBufferWaterMark SOCKET_BACKLOG = new WriteBufferWaterMark(4 << 20, 8 << 20);

    private PlatformHttp() {}

    /// For the few requests that a session begins with: one connection each, so that none leads to a peer that has been
    /// replaced meanwhile, and each answer within five seconds.
    static HttpClient requests(WorkloadIdentity identity, Door door) {
        return secured(HttpClient.newConnection(), identity, door)
                .keepAlive(false)
                .responseTimeout(RESPONSE_TIMEOUT);
    }

    /// For WebSockets: a connection of its own each, as long as it lasts.
    static HttpClient sockets(WorkloadIdentity identity, Door door) {
        return secured(HttpClient.newConnection(), identity, door)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, SOCKET_BACKLOG);
    }

    private static HttpClient secured(HttpClient client, WorkloadIdentity identity, Door door) {
        SslContext tls =
                CertifiedSslContext.client(identity, door.server(identity), ApplicationProtocolConfig.DISABLED);
        return client.secure(spec -> spec.sslContext(tls).handshakeTimeout(CONNECT_TIMEOUT))
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT_TIMEOUT.toMillis())
                .followRedirect(false)
                .compress(false);
    }
}
