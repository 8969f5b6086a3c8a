package dev.postern.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.token.DirectoryRefused.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Over real mTLS, against a server that records what it was asked.
final class HttpDirectorySourceTest {
    private static final TrustDomain DOMAIN = new TrustDomain("postern.local");
    private static final InMemoryAuthority AUTHORITY =
            InMemoryAuthority.create("test", Duration.ofDays(1), Clock.systemUTC(), new SecureRandom());
    private static final WorkloadIdentity OWN = AUTHORITY.identityOf(DOMAIN.idOf("gateway-service"));
    private static final WorkloadIdentity ROTATION = AUTHORITY.identityOf(DOMAIN.idOf("key-rotation-service"));
    private static final WorkloadIdentity OTHER = AUTHORITY.identityOf(DOMAIN.idOf("audit-service"));

    private final List<String> asked = new ArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    @Test
    void fetchWhenRotationServiceAnswersThenItsAnswer() throws Exception {
        assertThat(source(ROTATION, 200, "a.b.c").fetch(7)).isEqualTo("a.b.c");
        assertThat(asked).isEqualTo(List.of("/v1/directory?applied=7&instance=consumer-1"));
    }

    @Test
    void leaveWhenAskedThenItsLastWord() throws Exception {
        source(ROTATION, 200, "a.b.c").leave(7);
        assertThat(asked).isEqualTo(List.of("/v1/directory?applied=7&instance=consumer-1&leaving=true"));
    }

    @Test
    void leaveWhenRefusedOrNobodyIsThereThenNothing() throws Exception {
        source(ROTATION, 503, "a.b.c").leave(7);
        HttpsServer gone = server(ROTATION, 200, "a.b.c");
        gone.stop(0);
        HttpDirectorySource source = new HttpDirectorySource(
                settings(gone),
                HttpClient.newBuilder().sslContext(OWN.sslContext()).build());
        open.add(source);
        source.leave(7);
        assertThat(asked).hasSize(1);
    }

    @Test
    void closeWhenFollowingThenTheLastPollLeaves() throws Exception {
        HttpsServer server = server(ROTATION, 200, "a.b.c");
        KeyDirectory directory = KeyDirectory.follow(
                settings(server),
                OWN.httpClient(DOMAIN.idOf("key-rotation-service"), Duration.ofSeconds(3)),
                List::of,
                Clock.systemUTC());
        while (directory.state().refusals() == 0) {
            Thread.onSpinWait();
        }
        directory.close();
        assertThat(asked.getLast()).endsWith("&leaving=true");
        assertThat(asked).filteredOn(it -> it.contains("leaving")).hasSize(1);
    }

    @Test
    void fetchWhenAnotherServiceOfThePlatformAnswersThenRefused() throws Exception {
        assertThat(refusal(source(OTHER, 200, "a.b.c"))).isEqualTo(Reason.WRONG_SERVER);
    }

    @Test
    void fetchWhenNotOkThenUnreachable() throws Exception {
        assertThat(refusal(source(ROTATION, 503, "a.b.c"))).isEqualTo(Reason.UNREACHABLE);
    }

    @Test
    void fetchWhenEndlessThenUnreachable() throws Exception {
        assertThat(refusal(source(ROTATION, 200, "a".repeat(DirectoryReader.MAX_LENGTH + 1))))
                .isEqualTo(Reason.UNREACHABLE);
    }

    @Test
    void fetchWhenTheBodyStallsThenUnreachable() throws Exception {
        HttpsServer server = server(ROTATION, 200, "a.b.c");
        CountDownLatch over = new CountDownLatch(1);
        server.createContext("/v1/directory", exchange -> {
            exchange.sendResponseHeaders(200, 5);
            exchange.getResponseBody().flush();
            try {
                over.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        HttpDirectorySource source = new HttpDirectorySource(
                settings(server),
                HttpClient.newBuilder().sslContext(OWN.sslContext()).build());
        open.addFirst(source);
        open.addFirst(over::countDown);
        assertThat(refusal(source)).isEqualTo(Reason.UNREACHABLE);
    }

    @Test
    void followWhenStartedThenDirectoryComesIntoForceAndKnowsItsKeys() throws Exception {
        TestTokens tokens = new TestTokens("key-1");
        String payload = """
                {"version":3,"issued_at":%d,"keys":[{"kid":"key-1","class":"token-signing","owner":"%s",
                  "instance":"i","state":"ACTIVE","jwk":%s}]}
                """.formatted(
                        Clock.systemUTC().instant().getEpochSecond(),
                        DOMAIN.idOf("token-service"),
                        tokens.key().toPublicJWK().toJSONString());
        String signed = IdentityJws.sign(
                DirectoryReader.TYPE,
                payload.getBytes(StandardCharsets.UTF_8),
                ROTATION.current().privateKey(),
                ROTATION.current().chain());
        KeyDirectory directory = KeyDirectory.follow(
                settings(server(ROTATION, 200, signed)),
                HttpClient.newBuilder().sslContext(OWN.sslContext()).build(),
                () -> OWN.current().anchors(),
                Clock.systemUTC());
        open.add(directory);
        CountDownLatch inForce = new CountDownLatch(1);
        directory.onChange(_ -> inForce.countDown());
        assertThat(inForce.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(directory.find("key-1")).contains(tokens.publicKey());
        assertThat(directory.state().version()).isEqualTo(3);
    }

    private HttpDirectorySource source(WorkloadIdentity identity, int status, String body) throws IOException {
        HttpDirectorySource source = new HttpDirectorySource(
                settings(server(identity, status, body)),
                HttpClient.newBuilder().sslContext(OWN.sslContext()).build());
        open.add(source);
        return source;
    }

    private static DirectorySettings settings(HttpsServer server) {
        URI endpoint = URI.create("https://localhost:" + server.getAddress().getPort());
        return new DirectorySettings(endpoint, "postern.local", "consumer-1");
    }

    private HttpsServer server(WorkloadIdentity identity, int status, String body) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(identity.sslContext()) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters ssl = getSSLContext().getDefaultSSLParameters();
                ssl.setNeedClientAuth(true);
                parameters.setSSLParameters(ssl);
            }
        });
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().toString());
            byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        open.add(() -> server.stop(0));
        return server;
    }

    private static Reason refusal(HttpDirectorySource source) throws InterruptedException {
        try {
            throw new AssertionError("accepted: " + source.fetch(0));
        } catch (DirectoryRefused refused) {
            return refused.reason();
        }
    }
}
