package dev.postern.chassis.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.postern.chassis.keys.KeySource.Fate;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A real client that resumes, and a server on the live context.
final class TicketKeysTest {
    private static final TrustDomain DOMAIN = new TrustDomain("postern.local");
    private static final InMemoryAuthority AUTHORITY =
            InMemoryAuthority.create("test", Duration.ofDays(1), Clock.systemUTC(), new SecureRandom());

    private final WorkloadIdentity identity = AUTHORITY.identityOf(DOMAIN.idOf("token-service"));
    private final TicketKeys keys = new TicketKeys(identity::forgetSessions, new SecureRandom());

    @SuppressWarnings("NullAway.Init") // JUnit starts it before each test.
    private HttpsServer server;

    @SuppressWarnings("NullAway.Init")
    private SSLContext client;

    @BeforeEach
    void start() throws Exception {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(identity.sslContext()));
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        client = SSLContext.getInstance("TLSv1.3");
        client.init(null, new TrustManager[] {identity.trustManager()}, new SecureRandom());
    }

    @AfterEach
    void stop() {
        server.stop(0);
        identity.close();
    }

    /// When the session began that a new connection has: its own, or one that it resumed.
    private long session() throws IOException {
        try (SSLSocket socket = (SSLSocket) client.getSocketFactory()
                .createSocket(
                        InetAddress.getLoopbackAddress(), server.getAddress().getPort())) {
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            // A ticket comes with the answer.
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 204");
            return socket.getSession().getCreationTime();
        }
    }

    @Test
    void movedWhenActiveThenNothingOfBeforeIsResumed() throws Exception {
        assertResumedUntil(Fate.ACTIVE);
    }

    @Test
    void movedWhenCompromisedThenNothingOfBeforeIsResumed() throws Exception {
        assertResumedUntil(Fate.COMPROMISED);
    }

    private void assertResumedUntil(Fate fate) throws IOException {
        String generation = keys.next();
        long before = session();
        assertThat(session()).isEqualTo(before);
        keys.moved(generation, Fate.PREPARED);
        assertThat(session()).as("a spare changes nothing").isEqualTo(before);

        keys.moved(generation, fate);
        long after = session();
        assertThat(after).isGreaterThan(before);
        assertThat(session()).as("and what begins now is resumed").isEqualTo(after);
        keys.moved(generation, Fate.RETIRING);
        keys.moved(generation, Fate.DESTROYED);
        assertThat(session()).isEqualTo(after);
    }

    @Test
    void nextWhenAskedThenANameThatWasNeverUsed() {
        assertThat(keys.keyId(keys.next())).matches("tickets-[A-Za-z0-9_-]{16}").isNotEqualTo(keys.keyId(keys.next()));
        assertThat(keys.publicJwk(keys.next())).isEmpty();
    }
}
