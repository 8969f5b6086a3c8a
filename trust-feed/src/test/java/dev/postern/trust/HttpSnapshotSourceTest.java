package dev.postern.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.postern.identity.WorkloadIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Over real mTLS.
final class HttpSnapshotSourceTest {
    private final Parties parties = Parties.at(Clock.systemUTC());
    private final WorkloadIdentity own = parties.service("gateway-service");
    private final List<String> asked = new ArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    @Test
    void fetchWhenThePublisherAnswersThenItsAnswer() throws Exception {
        assertThat(source(server("token-service", 200, "a.b.c")).fetch()).isEqualTo("a.b.c");
        assertThat(asked).isEqualTo(List.of("/v1/trust/snapshot"));
    }

    @Test
    void fetchWhenAnotherServiceOfThePlatformAnswersThenRefused() throws Exception {
        assertUnreachable(source(server("audit-service", 200, "a.b.c")));
    }

    @Test
    void fetchWhenNotOkThenUnreachable() throws Exception {
        assertUnreachable(source(server("token-service", 503, "a.b.c")));
    }

    @Test
    void fetchWhenTheBodyStallsThenUnreachable() throws Exception {
        HttpsServer server = server("token-service", 200, "a.b.c");
        CountDownLatch over = new CountDownLatch(1);
        server.createContext(HttpSnapshotSource.PATH, exchange -> {
            exchange.sendResponseHeaders(200, 5);
            exchange.getResponseBody().flush();
            try {
                over.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        HttpSnapshotSource source = source(server);
        open.add(over::countDown);
        assertUnreachable(source);
    }

    private static void assertUnreachable(SnapshotSource source) {
        assertThatThrownBy(source::fetch)
                .isInstanceOfSatisfying(
                        FeedRefused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(FeedRefused.Reason.UNREACHABLE));
    }

    private HttpSnapshotSource source(HttpsServer server) {
        URI endpoint = URI.create("https://localhost:" + server.getAddress().getPort());
        HttpSnapshotSource source = new HttpSnapshotSource(
                endpoint,
                Parties.DECISIONS,
                HttpClient.newBuilder().sslContext(own.sslContext()).build(),
                Duration.ofSeconds(3));
        open.add(source);
        return source;
    }

    private HttpsServer server(String service, int status, String body) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(
                new HttpsConfigurator(parties.service(service).sslContext()) {
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
}
