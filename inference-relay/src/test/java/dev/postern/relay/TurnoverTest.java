package dev.postern.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.chassis.keys.KeySource.Fate;
import dev.postern.chassis.keys.TurningKeys.Named;
import dev.postern.relay.rig.SealedClient;
import dev.postern.relay.rig.TokenMint;
import dev.postern.session.ChallengeKey;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/// What becomes of challenges and TLS tickets when their keys move, at a relay on real sockets.
final class TurnoverTest extends RelayFixture {
    @Test
    void aChallengeOfTheOldKeyIsGoodUntilThatKeyIsCompromised() throws Exception {
        Named<ChallengeKey> first = rig.challengeKeys.next();
        rig.challengeKeys.moved(first, Fate.ACTIVE);
        try (SealedClient rotated = new SealedClient(rig);
                SealedClient compromised = new SealedClient(rig)) {
            byte[] early = rotated.offer(TokenMint.Order.delegate(rotated.thumbprint()));
            byte[] late = compromised.offer(TokenMint.Order.delegate(compromised.thumbprint()));

            Named<ChallengeKey> second = rig.challengeKeys.next();
            rig.challengeKeys.moved(second, Fate.ACTIVE);
            rig.challengeKeys.moved(first, Fate.RETIRING);
            rotated.connect();
            rotated.send(early);
            rotated.accept();

            rig.challengeKeys.moved(first, Fate.COMPROMISED);
            compromised.connect();
            compromised.send(late);
            assertThat(compromised.closed()).isEqualTo("4401 challenge");
        }
        // Whoever asks again is served under the key that took over.
        SealedClient.open(rig).close();
    }

    @Test
    void aTicketOfBeforeIsNotResumed() throws Exception {
        long before = session();
        assertThat(session()).as("resumed").isEqualTo(before);
        rig.identity.forgetSessions();
        long after = session();
        assertThat(after).isGreaterThan(before);
        assertThat(session()).as("resumed").isEqualTo(after);
    }

    /// When the TLS session began that a new connection has: its own, or one that it resumed.
    private long session() throws IOException {
        try (SSLSocket socket = (SSLSocket) rig.gateway
                .sslContext()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), rig.address("/").getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write("GET /ssp1/key-config HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 200");
            return socket.getSession().getCreationTime();
        }
    }
}
