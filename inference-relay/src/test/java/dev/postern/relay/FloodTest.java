package dev.postern.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.relay.rig.SealedClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Connections that cost the relay something and give nothing: each holds little, for a short time, and there are only
/// so many. Meanwhile everybody else is served.
class FloodTest extends RelayFixture {
    /// What the rig's relay takes at once.
    private static final int MOST_CONNECTIONS = 100;
    private static final int PATIENCE_MILLIS = 15_000;
    /// Far more than a head or a message may have, and than the kernels between keep.
    private static final int TOO_MUCH = 32 * 1024 * 1024;

    @Test
    void connectionsBeyondTheLimitAreClosedUnread() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < MOST_CONNECTIONS; i++) {
                silent.add(tcp());
            }
            try (Socket oneMore = tcp()) {
                assertThat(isEnded(oneMore)).isTrue();
            }
            // Silent connections do not last: the places are free again.
            for (Socket socket : silent) {
                assertThat(isEnded(socket)).isTrue();
            }
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
        assertEverybodyElseIsServed();
    }

    @Test
    void whoAsksForNothingAfterTheHandshakeIsCutOff() throws Exception {
        try (Socket socket = tls()) {
            assertThat(isEnded(socket)).isTrue();
        }
    }

    @Test
    void aHeadWithoutAnEndIsCutOffAtItsLimit() throws Exception {
        try (Socket socket = tls()) {
            socket.getOutputStream().write("GET /ssp1 HTTP/1.1\r\nX-Endless: ".getBytes(US_ASCII));
            assertThat(acceptsAtMost(socket, "a".repeat(1024).getBytes(US_ASCII)))
                    .isLessThan(TOO_MUCH);
        }
        assertEverybodyElseIsServed();
    }

    @Test
    void aHeadThatTricklesIsCutOffInTime() throws Exception {
        try (Socket socket = tls()) {
            socket.getOutputStream().write("GET /ssp1 HTTP/1.1\r\nX-Slow: ".getBytes(US_ASCII));
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(200))
                    .atMost(Duration.ofMillis(PATIENCE_MILLIS))
                    .until(() -> !takes(socket, 'a'));
        }
    }

    @Test
    void whoUpgradesAndSendsNoOpenIsCutOff() throws Exception {
        try (SealedClient client = new SealedClient(rig)) {
            client.connect();
            assertThat(client.closed()).isEqualTo("4429 limit");
        }
    }

    @Test
    void anOpenInFragmentsWithoutAnEndIsCutOffAtItsLimit() throws Exception {
        try (Socket socket = upgraded()) {
            socket.getOutputStream().write(fragment(2, 1024));
            assertThat(acceptsAtMost(socket, fragment(0, 1024))).isLessThan(TOO_MUCH);
        }
        assertEverybodyElseIsServed();
    }

    @Test
    void aMessageThatPromisesTooMuchIsNotWaitedFor() throws Exception {
        try (Socket socket = upgraded()) {
            // One final binary message of 2^40 octets, masked.
            socket.getOutputStream()
                    .write(ByteBuffer.allocate(14)
                            .put((byte) 0x82)
                            .put((byte) (0x80 | 127))
                            .putLong(1L << 40)
                            .putInt(0)
                            .array());
            assertThat(isEnded(socket)).isTrue();
        }
    }

    /// Unmasked, with a reserved bit, of an opcode that there is not: the relay says why it ends.
    @ParameterizedTest
    @ValueSource(ints = {0x8200, 0xC280, 0x8380})
    void whatIsNoFrameOfWebSocketIsAnsweredByAClose(int head) throws Exception {
        try (Socket socket = upgraded()) {
            socket.getOutputStream()
                    .write(ByteBuffer.allocate(6)
                            .putShort((short) head)
                            .putInt(0)
                            .array());
            InputStream in = socket.getInputStream();
            assertThat(in.read()).as("a Close").isEqualTo(0x88);
            ByteBuffer said = ByteBuffer.wrap(in.readNBytes(in.read()));
            assertThat(said.getShort()).isEqualTo((short) 1002);
            assertThat(isEnded(socket)).isTrue();
        }
    }

    @Test
    void whoDoesNotReadWhatIsSaidLastIsCutOff() throws Exception {
        try (Socket plain = tcp()) {
            Socket socket = upgraded(rig.gateway
                    .sslContext()
                    .getSocketFactory()
                    .createSocket(plain, "localhost", plain.getPort(), false));
            // Its pongs fill every buffer between; the refusal for want of an OPEN comes behind them.
            byte[] pings = pings(256);
            assertThat(CompletableFuture.supplyAsync(() -> acceptsAtMost(socket, pings)))
                    .succeedsWithin(Duration.ofSeconds(25))
                    .satisfies(sent -> assertThat(sent).isLessThan(TOO_MUCH));
        }
    }

    @Test
    void halfOpenSessionsGiveTheirPlacesBack() throws Exception {
        List<SealedClient> halfOpen = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                halfOpen.add(SealedClient.open(rig));
            }
            assertThat(rig.sessions.open()).isEqualTo(20);
            rig.clock.advance(Duration.ofSeconds(6));
            for (SealedClient client : halfOpen) {
                assertThat(client.closed()).isEqualTo("4410 session-unknown");
            }
            Awaitility.await().until(() -> rig.sessions.open() == 0);
            assertThat(rig.meters.get("postern.sessions.held").gauge().value()).isZero();
        } finally {
            halfOpen.forEach(SealedClient::close);
        }
        assertEverybodyElseIsServed();
    }

    private void assertEverybodyElseIsServed() throws Exception {
        try (SealedClient client = SealedClient.open(rig)) {
            assertThat(client.askAndAnswer(Requests.chat(rig.clock, "echo")).problem())
                    .isNull();
        }
    }

    private Socket tcp() throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), rig.address("/").getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private Socket tls() throws IOException {
        Socket socket = rig.gateway
                .sslContext()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), rig.address("/").getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private Socket upgraded() throws IOException {
        return upgraded(tls());
    }

    private static Socket upgraded(Socket socket) throws IOException {
        socket.getOutputStream().write("""
                        GET /ssp1 HTTP/1.1\r
                        Host: localhost\r
                        Connection: Upgrade\r
                        Upgrade: websocket\r
                        Sec-WebSocket-Version: 13\r
                        Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
                        Sec-WebSocket-Protocol: ssp1\r
                        \r
                        """.getBytes(US_ASCII));
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        while (!head.toString(US_ASCII).endsWith("\r\n\r\n")) {
            head.write(in.read());
        }
        assertThat(head.toString(US_ASCII)).startsWith("HTTP/1.1 101");
        return socket;
    }

    /// Masked, of 125 octets each.
    private static byte[] pings(int count) {
        ByteBuffer pings = ByteBuffer.allocate(count * (6 + 125));
        for (int i = 0; i < count; i++) {
            pings.put((byte) 0x89).put((byte) (0x80 | 125)).putInt(0).put(new byte[125]);
        }
        return pings.array();
    }

    /// A masked fragment that is not the last.
    private static byte[] fragment(int opcode, int length) {
        return ByteBuffer.allocate(8 + length)
                .put((byte) opcode)
                .put((byte) (0x80 | 126))
                .putShort((short) length)
                .putInt(0)
                .array();
    }

    /// What goes out of an endless supply before the relay ends the connection.
    private static int acceptsAtMost(Socket socket, byte[] piece) {
        int sent = 0;
        try {
            while (sent < TOO_MUCH) {
                socket.getOutputStream().write(piece);
                sent += piece.length;
            }
        } catch (IOException _) {
            // It has ended it.
        }
        return sent;
    }

    private static boolean takes(Socket socket, int octet) {
        try {
            socket.getOutputStream().write(octet);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /// Whether the relay ends the connection, whatever it says before.
    private static boolean isEnded(Socket socket) {
        try {
            InputStream in = socket.getInputStream();
            while (in.read() >= 0) {
                // A refusal.
            }
            return true;
        } catch (SocketTimeoutException _) {
            return false;
        } catch (IOException _) {
            return true;
        }
    }
}
