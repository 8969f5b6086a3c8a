package dev.postern.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Real sockets: what a peer sees.
final class LiveTlsTest {
    private final dev.postern.test.MutableClock clock = new dev.postern.test.MutableClock(Instant.now());
    private final InMemoryAuthority authority = Authorities.at(Clock.systemUTC());
    private final ScheduledExecutorService unused = Executors.newSingleThreadScheduledExecutor();
    private final WorkloadIdentity server = identity(Authorities.TOKEN_SERVICE, clock);
    private final WorkloadIdentity client = identity(Authorities.RELAY, Clock.systemUTC());

    private WorkloadIdentity identity(java.net.URI id, Clock its) {
        Enrolment enrolment = new Enrolment(
                authority.issuerFor(Authorities.grant(id, Duration.ofHours(24))),
                id,
                List.of(),
                its,
                Authorities.RANDOM);
        return new WorkloadIdentity(enrolment, enrolment.enrol(), its, Authorities.RANDOM, unused);
    }

    @AfterEach
    void stop() {
        unused.shutdownNow();
    }

    private record Seen(BigInteger serverSerial, String protocol) {}

    /// One handshake with mutual authentication and host name check; both ends read a byte.
    private Seen handshake(SSLContext serverTls, SSLContext clientTls, String... protocols) throws Exception {
        try (SSLServerSocket listener = (SSLServerSocket)
                serverTls.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            listener.setNeedClientAuth(true);
            listener.setSoTimeout(10_000);
            Thread accepting = Thread.ofVirtual().start(() -> {
                try (SSLSocket socket = (SSLSocket) listener.accept()) {
                    socket.getOutputStream().write(socket.getInputStream().read());
                } catch (IOException _) {
                    // The client's side tells.
                }
            });
            try (SSLSocket socket =
                    (SSLSocket) clientTls.getSocketFactory().createSocket("localhost", listener.getLocalPort())) {
                socket.setSoTimeout(10_000);
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                if (protocols.length > 0) {
                    parameters.setProtocols(protocols);
                }
                socket.setSSLParameters(parameters);
                socket.getOutputStream().write(42);
                if (socket.getInputStream().read() != 42) {
                    throw new SSLException("closed by the server");
                }
                X509Certificate leaf = (X509Certificate) socket.getSession().getPeerCertificates()[0];
                return new Seen(leaf.getSerialNumber(), socket.getSession().getProtocol());
            } finally {
                accepting.join();
            }
        }
    }

    @Test
    void speaksTls13Only() throws Exception {
        assertThat(handshake(server.sslContext(), client.sslContext()).protocol())
                .isEqualTo("TLSv1.3");

        SSLContext anyVersion = SSLContext.getInstance("TLS");
        anyVersion.init(
                new javax.net.ssl.KeyManager[] {client.keyManager()},
                new javax.net.ssl.TrustManager[] {client.trustManager()},
                null);
        assertThatThrownBy(() -> handshake(server.sslContext(), anyVersion, "TLSv1.2"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void newHandshakesOfLivingContextsSeeTheNewCertificateAndResumeNothing() throws Exception {
        BigInteger before = handshake(server.sslContext(), client.sslContext()).serverSerial();
        assertThat(before).isEqualTo(server.current().leaf().getSerialNumber());
        clock.advance(Duration.ofHours(14));
        server.tick();
        clock.set(Instant.now());

        BigInteger after = handshake(server.sslContext(), client.sslContext()).serverSerial();
        assertThat(after).isNotEqualTo(before).isEqualTo(server.current().leaf().getSerialNumber());
    }

    @Test
    void expiredIdentityFailsClosed() {
        clock.advance(Duration.ofHours(25));
        assertThatThrownBy(() -> handshake(server.sslContext(), client.sslContext()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void peerOfAnotherAuthorityIsNotBelieved() {
        try (WorkloadIdentity stranger = Authorities.at(Clock.systemUTC()).identityOf(Authorities.RELAY)) {
            assertThatThrownBy(() -> handshake(server.sslContext(), stranger.sslContext()))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void sessionsDoNotOutliveFiveMinutes() {
        assertThat(server.sslContext().getServerSessionContext().getSessionTimeout())
                .isEqualTo(300);
        assertThat(server.sslContext().getClientSessionContext().getSessionTimeout())
                .isEqualTo(300);
    }
}
