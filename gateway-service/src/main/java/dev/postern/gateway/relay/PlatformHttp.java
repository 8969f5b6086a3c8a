package dev.postern.gateway.relay;

import dev.postern.identity.WorkloadIdentity;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.net.URI;
import java.time.Duration;
import javax.net.ssl.SSLException;
import reactor.netty.http.client.HttpClient;

/// HTTP clients for other services of the platform: mutual TLS 1.3 with this service's live identity, towards one
/// pinned peer each.
final class PlatformHttp {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(5);
    /// Far below a certificate's life, because a resumed TLS session does not look at certificates.
    private static final Duration TLS_SESSION_LIFE = Duration.ofMinutes(1);
    /// A socket with more than this unsent takes no new requests.
    private static final WriteBufferWaterMark SOCKET_BACKLOG = new WriteBufferWaterMark(4 << 20, 8 << 20);

    private PlatformHttp() {}

    /// For the few requests that a session begins with: one connection each, so that none leads to a peer that has been
    /// replaced meanwhile, and each answer within five seconds.
    static HttpClient requests(WorkloadIdentity identity, PlatformPeer peer) {
        return secured(HttpClient.newConnection(), identity, peer)
                .keepAlive(false)
                .responseTimeout(RESPONSE_TIMEOUT);
    }

    /// For WebSockets: a connection of its own each, as long as it lasts.
    static HttpClient sockets(WorkloadIdentity identity, PlatformPeer peer) {
        return secured(HttpClient.newConnection(), identity, peer)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, SOCKET_BACKLOG);
    }

    private static HttpClient secured(HttpClient client, WorkloadIdentity identity, PlatformPeer peer) {
        SslContext tls = tls(identity, peer.of(identity));
        return client.secure(spec -> spec.sslContext(tls).handshakeTimeout(CONNECT_TIMEOUT))
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT_TIMEOUT.toMillis())
                .followRedirect(false)
                .compress(false);
    }

    private static SslContext tls(WorkloadIdentity identity, URI peer) {
        try {
            return SslContextBuilder.forClient()
                    .sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3")
                    .keyManager(identity.keyManager())
                    .trustManager(identity.trustManager(peer))
                    .endpointIdentificationAlgorithm("HTTPS")
                    .sessionTimeout(TLS_SESSION_LIFE.toSeconds())
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("the JDK has TLS 1.3", e);
        }
    }
}
