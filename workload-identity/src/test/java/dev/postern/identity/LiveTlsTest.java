package dev.postern.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Real sockets: what a peer sees.
final class LiveTlsTest {
    private final dev.postern.test.MutableClock clock = new dev.postern.test.MutableClock(Instant.now());
    private final InMemoryAuthority authority = Authorities.at(Clock.systemUTC());
    private final ScheduledExecutorService unused = Executors.newSingleThreadScheduledExecutor();
    private final WorkloadIdentity server = identity(Authorities.TOKEN_SERVICE, clock);
    private final WorkloadIdentity client = identity(Authorities.RELAY, Clock.systemUTC());

    private WorkloadIdentity identity(URI id, Clock its) {
        return identity(id, its, Duration.ofHours(24));
    }

    private WorkloadIdentity identity(URI id, Clock its, Duration life) {
        Enrolment enrolment =
                new Enrolment(authority.issuerFor(Authorities.grant(id, life)), id, List.of(), its, Authorities.RANDOM);
        return new WorkloadIdentity(enrolment, enrolment.enrol(), its, Authorities.RANDOM, unused);
    }

    @AfterEach
    void stop() {
        unused.shutdownNow();
    }

    /// @param began when the session began, this one or the one that it resumed
    private record Seen(BigInteger serverSerial, String protocol, long began) {}

    /// A server that makes each connection's TLS anew, as Tomcat and Netty do, and returns one byte.
    private static final class Listener implements AutoCloseable {
        private final ServerSocket socket;

        Listener(SSLContext tls) throws IOException {
            socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(() -> {
                while (!socket.isClosed()) {
                    try (Socket plain = socket.accept();
                            SSLSocket secured =
                                    (SSLSocket) tls.getSocketFactory().createSocket(plain, null, 0, true)) {
                        secured.setUseClientMode(false);
                        secured.setNeedClientAuth(true);
                        secured.getOutputStream().write(secured.getInputStream().read());
                    } catch (IOException _) {
                        // The client's side tells.
                    }
                }
            });
        }

        /// One connection with mutual authentication and host name check; both ends read a byte.
        Seen meet(SSLContext tls, String... protocols) throws IOException {
            try (SSLSocket met = (SSLSocket) tls.getSocketFactory().createSocket("localhost", socket.getLocalPort())) {
                met.setSoTimeout(10_000);
                SSLParameters parameters = met.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                if (protocols.length > 0) {
                    parameters.setProtocols(protocols);
                }
                met.setSSLParameters(parameters);
                met.getOutputStream().write(42);
                if (met.getInputStream().read() != 42) {
                    throw new SSLException("closed by the server");
                }
                SSLSession session = met.getSession();
                X509Certificate leaf = (X509Certificate) session.getPeerCertificates()[0];
                return new Seen(leaf.getSerialNumber(), session.getProtocol(), session.getCreationTime());
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static Seen handshake(SSLContext serverTls, SSLContext clientTls, String... protocols) throws Exception {
        try (Listener listener = new Listener(serverTls)) {
            return listener.meet(clientTls, protocols);
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
    void oneListenerResumesWhatBeganBeforeARenewalOfEitherEndUntilThenAndNotAcrossIt() throws Exception {
        try (Listener listener = new Listener(server.sslContext())) {
            Seen before = listener.meet(client.sslContext());
            assertThat(before.serverSerial()).isEqualTo(server.current().leaf().getSerialNumber());
            assertThat(listener.meet(client.sslContext())).as("resumed").isEqualTo(before);
            clock.advance(Duration.ofHours(14));
            server.tick();
            clock.set(Instant.now());

            Seen after = listener.meet(client.sslContext());
            assertThat(after.serverSerial())
                    .isNotEqualTo(before.serverSerial())
                    .isEqualTo(server.current().leaf().getSerialNumber());
            assertThat(after.began()).isGreaterThan(before.began());
            assertThat(listener.meet(client.sslContext())).as("resumed").isEqualTo(after);

            BigInteger shown =
                    client.renewNow().get(10, TimeUnit.SECONDS).leaf().getSerialNumber();
            assertThat(listener.meet(client.sslContext()).began()).isGreaterThan(after.began());
            assertThat(server.peers().get(Authorities.RELAY))
                    .extracting(PeerSighting::serial)
                    .isEqualTo(shown);
        }
    }

    @Test
    void whoseClockJumpedBackGoesOnWithPeersWhoseClockIsRight() throws Exception {
        clock.advance(Duration.ofHours(-2));
        server.tick();
        assertThat(handshake(server.sslContext(), client.sslContext()).serverSerial())
                .isEqualTo(server.current().leaf().getSerialNumber());
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

    @ParameterizedTest
    @CsvSource({"PT24H, 300", "PT20M, 300", "PT8M, 0", "PT2S, 1"})
    void sessionsLiveForAQuarterOfTheCertificateAndFiveMinutesAtMost(Duration life, int bound) {
        WorkloadIdentity brief = identity(Authorities.TOKEN_SERVICE, Clock.systemUTC(), life);
        // A certificate begins a little before it is issued.
        int seconds =
                bound > 0 ? bound : Math.toIntExact(brief.current().lifetime().toSeconds() / 4);
        assertThat(seconds).isBetween(1, 300);
        for (SSLContext context : List.of(brief.sslContext(), brief.sslContext(Authorities.RELAY))) {
            assertThat(context.getServerSessionContext().getSessionTimeout()).isEqualTo(seconds);
            assertThat(context.getClientSessionContext().getSessionTimeout()).isEqualTo(seconds);
            brief.forgetSessions();
            assertThat(context.getServerSessionContext().getSessionTimeout()).isEqualTo(seconds);
        }
    }
}
