package dev.postern.cli.recorder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A recorder between two real TLS ends, of which the far one answers what it is told.
class TlsRecorderTest {
    private final TrustDomain domain = new TrustDomain("postern.local");
    private final InMemoryAuthority authority =
            InMemoryAuthority.create("test", Duration.ofDays(1), Clock.systemUTC(), new SecureRandom());
    private final WorkloadIdentity server = authority.identityOf(domain.idOf("inference-relay"));
    private final WorkloadIdentity client = authority.identityOf(domain.idOf("gateway-service"));
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private SSLServerSocket far;
    private TlsRecorder recorder;

    @BeforeEach
    void start() throws IOException {
        far = (SSLServerSocket)
                server.sslContext().getServerSocketFactory().createServerSocket(0, 0, InetAddress.getLoopbackAddress());
        threads.execute(this::echo);
        recorder = TlsRecorder.start(
                server.sslContext(), client.sslContext(), URI.create("https://localhost:" + far.getLocalPort()));
    }

    @AfterEach
    void stop() throws IOException {
        recorder.close();
        far.close();
        threads.shutdownNow();
    }

    @Test
    void octetsWhenPassedThenArriveAndAreKnownAsTheyWereInsideTls() throws Exception {
        try (Socket socket = connect()) {
            say(socket, "question");
            assertThat(new String(socket.getInputStream().readNBytes(8), UTF_8)).isEqualTo("question");
        }
        Recorded recorded = recorder.recorded().getFirst();
        assertThat(new String(recorded.sent(), UTF_8)).isEqualTo("question");
        assertThat(new String(recorded.received(), UTF_8)).isEqualTo("question");
        assertThat(recorded.toString()).doesNotContain("question");
    }

    @Test
    void answersWhenWithheldThenAreRecordedAndNotPassedOn() throws Exception {
        try (Socket socket = connect()) {
            say(socket, "one");
            assertThat(socket.getInputStream().readNBytes(3)).hasSize(3);
            recorder.withholdAnswers();
            say(socket, "two");
            while (recorder.recorded().getFirst().received().length < 6) {
                Thread.onSpinWait();
            }
            recorder.breakOff();
            assertThat(socket.getInputStream().read()).isNegative();
        }
        assertThat(new String(recorder.recorded().getFirst().received(), UTF_8)).isEqualTo("onetwo");
    }

    @Test
    void doorWhenShutThenNobodyGetsThroughUntilItIsOpen() throws Exception {
        recorder.shut();
        assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
        recorder.open();
        try (Socket socket = connect()) {
            say(socket, "hi");
            assertThat(socket.getInputStream().readNBytes(2)).hasSize(2);
        }
        assertThat(recorder.recorded()).hasSize(1);
    }

    private Socket connect() throws IOException {
        var socket = (javax.net.ssl.SSLSocket) client.sslContext()
                .getSocketFactory()
                .createSocket("localhost", recorder.address().getPort());
        socket.setSoTimeout(10_000);
        socket.startHandshake();
        return socket;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(UTF_8));
        socket.getOutputStream().flush();
    }

    private void echo() {
        while (!far.isClosed()) {
            try {
                Socket socket = far.accept();
                threads.execute(() -> echo(socket));
            } catch (IOException _) {
                // closed
            }
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            byte[] buffer = new byte[1_024];
            for (int length = socket.getInputStream().read(buffer);
                    length >= 0;
                    length = socket.getInputStream().read(buffer)) {
                socket.getOutputStream().write(buffer, 0, length);
                socket.getOutputStream().flush();
            }
        } catch (IOException _) {
            // the other end is gone
        }
    }
}
