package dev.postern.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.postern.identity.IdentityUnavailable.Reason;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a denied certificate is still good for: nothing. Real sockets, real time.
@Timeout(60)
final class DenialTest {
    private static final Duration AT_ONCE = Duration.ofSeconds(5);

    private final AtomicBoolean away = new AtomicBoolean();
    private final AtomicBoolean hanging = new AtomicBoolean();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final InMemoryAuthority authority = Authorities.at(Clock.systemUTC());
    private final WorkloadIdentity server = identity(Authorities.TOKEN_SERVICE, Duration.ofHours(1));
    private final WorkloadIdentity client = identity(Authorities.RELAY, Duration.ofHours(1));
    private SSLServerSocket listener;

    private WorkloadIdentity identity(java.net.URI id, Duration lifetime) {
        IdentityIssuer issuer = authority.issuerFor(Authorities.grant(id, lifetime));
        return WorkloadIdentity.issuedBy(
                csr -> {
                    if (away.get()) {
                        throw new IdentityUnavailable(Reason.UNREACHABLE, "away");
                    }
                    if (hanging.get()) {
                        asked.countDown();
                        awaitPermission();
                    }
                    return issuer.issue(csr);
                },
                id,
                java.util.List.of(),
                Clock.systemUTC(),
                Authorities.RANDOM);
    }

    @BeforeEach
    void listen() throws IOException {
        listener = listenAs(server);
        await().atMost(AT_ONCE).until(() -> server.hasSpare() && client.hasSpare());
    }

    private void awaitPermission() {
        try {
            goOn.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static SSLServerSocket listenAs(WorkloadIdentity identity) throws IOException {
        SSLServerSocket listener = (SSLServerSocket) identity.sslContext()
                .getServerSocketFactory()
                .createServerSocket(0, 8, InetAddress.getLoopbackAddress());
        listener.setNeedClientAuth(true);
        Thread.ofVirtual().start(() -> {
            while (!listener.isClosed()) {
                try {
                    SSLSocket socket = (SSLSocket) listener.accept();
                    Thread.ofVirtual().start(() -> echo(identity, socket));
                } catch (IOException _) {
                    // Closed, or a handshake that failed: the other end tells.
                }
            }
        });
        return listener;
    }

    private static void echo(WorkloadIdentity identity, SSLSocket socket) {
        try (socket) {
            socket.startHandshake();
            Runnable forget = identity.connections().add(socket.getSession(), () -> close(socket));
            try {
                socket.getInputStream().transferTo(socket.getOutputStream());
            } finally {
                forget.run();
            }
        } catch (IOException _) {
            // The client's side tells.
        }
    }

    private static void close(SSLSocket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // Closed all the same.
        }
    }

    @AfterEach
    void stop() throws IOException {
        goOn.countDown();
        listener.close();
        server.close();
        client.close();
    }

    private SSLSocket connect() throws IOException {
        SSLSocket socket =
                (SSLSocket) client.sslContext().getSocketFactory().createSocket("127.0.0.1", listener.getLocalPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void roundTrip(SSLSocket socket) throws IOException {
        socket.getOutputStream().write(42);
        if (socket.getInputStream().read() != 42) {
            throw new IOException("closed by the server");
        }
    }

    private static BigInteger serial(WorkloadIdentity identity) {
        return identity.current().leaf().getSerialNumber();
    }

    private static java.util.Optional<BigInteger> shownTo(WorkloadIdentity peer) {
        return java.util.Optional.ofNullable(peer.peers().get(Authorities.RELAY))
                .map(PeerSighting::serial);
    }

    @Test
    void openConnectionsOfADeniedPeerAreClosedAndNewOnesRefused() throws Exception {
        try (SSLSocket open = connect()) {
            roundTrip(open);
            server.deny(Set.of(serial(client)));

            assertThat(open.getInputStream().read()).isEqualTo(-1);
        }
        assertThatThrownBy(() -> {
                    try (SSLSocket refused = connect()) {
                        roundTrip(refused);
                    }
                })
                .as("the client does not know of the denial and shows the denied certificate")
                .isInstanceOf(IOException.class);
        assertThat(server.connections().size()).isZero();
    }

    @Test
    void aDeniedServerIsRefusedByItsClients() {
        client.deny(Set.of(serial(server)));
        assertThatThrownBy(() -> {
                    try (SSLSocket refused = connect()) {
                        roundTrip(refused);
                    }
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void aServerThatIsDeniedAfterASessionBeganIsNotResumedWith() throws Exception {
        for (int i = 0; i < 3; i++) {
            try (SSLSocket socket = connect()) {
                roundTrip(socket);
            }
        }
        client.deny(Set.of(serial(server)));
        await().atMost(AT_ONCE)
                .untilAsserted(() -> assertThatThrownBy(() -> {
                            try (SSLSocket refused = connect()) {
                                roundTrip(refused);
                            }
                        })
                        .isInstanceOf(IOException.class));
    }

    @Test
    void anAuthorityThatHangsHoldsUpNoDenial() throws Exception {
        hanging.set(true);
        var renewal = client.renewNow();
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        BigInteger own = serial(client);
        try (SSLSocket open = connect()) {
            roundTrip(open);
            server.deny(Set.of(own));
            client.deny(Set.of(own));

            assertThat(open.getInputStream().read()).isEqualTo(-1);
            await().atMost(AT_ONCE).until(() -> !serial(client).equals(own));
        }
        assertThat(renewal).isNotDone();
    }

    @Test
    void whoseOwnIsDeniedShowsItsSpareWithoutAskingAnybody() throws Exception {
        away.set(true);
        BigInteger denied = serial(client);
        server.deny(Set.of(denied));
        client.deny(Set.of(denied));

        await().atMost(AT_ONCE).until(() -> !serial(client).equals(denied));
        try (SSLSocket socket = connect()) {
            roundTrip(socket);
        }
        assertThat(client.renewalFailures()).isZero();
        assertThat(client.deniedCertificates()).isEqualTo(1);
        assertThat(shownTo(server)).contains(serial(client));
    }

    @Test
    void whenTheSpareIsDeniedAsWellThereIsNoKeyUntilTheAuthorityAnswers() throws Exception {
        away.set(true);
        client.deny(Set.of(serial(client)));
        BigInteger first = serial(client);
        await().atMost(AT_ONCE).until(() -> !client.hasSpare());
        await().atMost(AT_ONCE).until(() -> client.renewals() == 1);
        client.deny(Set.of(serial(client)));
        assertThat(client.keyManager().chooseEngineClientAlias(new String[] {"EC"}, null, null))
                .isNull();

        away.set(false);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> client.keyManager().chooseEngineClientAlias(new String[] {"EC"}, null, null) != null);
        assertThat(serial(client)).isNotEqualTo(first);
    }

    @Test
    void renewNowShowsANewKeyAtOnce() throws Exception {
        IdentityDocument before = client.current();
        IdentityDocument after = client.renewNow().get(10, TimeUnit.SECONDS);

        assertThat(after).isSameAs(client.current());
        assertThat(after.privateKey()).isNotEqualTo(before.privateKey());
        try (SSLSocket socket = connect()) {
            roundTrip(socket);
        }
        assertThat(shownTo(server)).contains(serial(client));
    }

    @Test
    void renewNowThatFailsKeepsTheOldAndSaysWhy() {
        IdentityDocument before = client.current();
        away.set(true);
        CompletableFuture<IdentityDocument> renewal = client.renewNow();

        assertThat(renewal)
                .failsWithin(AT_ONCE)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(IdentityUnavailable.class);
        assertThat(client.current()).isSameAs(before);
        assertThat(client.renewalFailures()).isEqualTo(1);
    }

    @Test
    void aConnectionEndsBeforeTheCertificatesItWasMadeWith() throws Exception {
        try (WorkloadIdentity brief = identity(Authorities.DOMAIN.idOf("gateway-service"), Duration.ofSeconds(3));
                SSLSocket open = (SSLSocket)
                        brief.sslContext().getSocketFactory().createSocket("127.0.0.1", listener.getLocalPort())) {
            open.setSoTimeout(20_000);
            roundTrip(open);
            java.time.Instant notAfter = ((java.security.cert.X509Certificate)
                            open.getSession().getLocalCertificates()[0])
                    .getNotAfter()
                    .toInstant();

            assertThat(open.getInputStream().read()).isEqualTo(-1);
            assertThat(Clock.systemUTC().instant()).isBeforeOrEqualTo(notAfter);
        }
    }
}
