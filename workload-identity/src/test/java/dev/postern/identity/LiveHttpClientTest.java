package dev.postern.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The JDK's client, whose pooled connections would go on for ever under the certificate that they began with.
@Timeout(60)
final class LiveHttpClientTest {
    private final InMemoryAuthority authority = Authorities.at(Clock.systemUTC());
    private final WorkloadIdentity server = authority.identityOf(Authorities.TOKEN_SERVICE);
    private final WorkloadIdentity caller = authority.identityOf(Authorities.RELAY);
    private final Set<BigInteger> seen = ConcurrentHashMap.newKeySet();
    private final HttpsServer listening = listen();
    private final HttpClient client = caller.httpClient(Authorities.TOKEN_SERVICE, Duration.ofSeconds(5));
    private final HttpRequest request = HttpRequest.newBuilder(
                    URI.create("https://localhost:" + listening.getAddress().getPort() + "/"))
            .timeout(Duration.ofSeconds(10))
            .build();

    private HttpsServer listen() {
        try {
            HttpsServer https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            https.setHttpsConfigurator(new HttpsConfigurator(server.sslContext()) {
                @Override
                public void configure(HttpsParameters parameters) {
                    SSLParameters tls = getSSLContext().getDefaultSSLParameters();
                    tls.setNeedClientAuth(true);
                    parameters.setSSLParameters(tls);
                }
            });
            https.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            https.createContext("/", exchange -> {
                try (exchange) {
                    var session = ((HttpsExchange) exchange).getSSLSession();
                    seen.add(((X509Certificate) session.getPeerCertificates()[0]).getSerialNumber());
                    exchange.getRequestBody().readAllBytes();
                    exchange.sendResponseHeaders(200, 2);
                    exchange.getResponseBody().write(new byte[] {'o', 'k'});
                }
            });
            https.start();
            return https;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        listening.stop(0);
        server.close();
        caller.close();
    }

    @Test
    void theNextRequestAfterARenewalShowsTheNewCertificate() throws Exception {
        BigInteger before = caller.current().leaf().getSerialNumber();
        client.send(request, BodyHandlers.ofString());
        client.send(request, BodyHandlers.ofString());
        assertThat(seen).containsExactly(before);

        BigInteger after = caller.renewNow().get(10, TimeUnit.SECONDS).leaf().getSerialNumber();
        seen.clear();
        client.send(request, BodyHandlers.ofString());
        assertThat(seen).containsExactly(after);
    }

    @Test
    void aServerThatIsDeniedGetsNoRequestOverAConnectionThatIsThere() throws Exception {
        client.send(request, BodyHandlers.ofString());
        client.send(request, BodyHandlers.ofString());

        caller.deny(Set.of(server.current().leaf().getSerialNumber()));
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThatThrownBy(() -> client.send(request, BodyHandlers.ofString()))
                        .isInstanceOf(IOException.class));
    }

    @Test
    void noRequestFailsWhileBothEndsRenew() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger served = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                var _ = callers.submit(() -> {
                    while (!over.get()) {
                        try {
                            if (client.send(request, BodyHandlers.ofString()).statusCode() == 200) {
                                served.incrementAndGet();
                            } else {
                                failed.incrementAndGet();
                            }
                        } catch (IOException _) {
                            failed.incrementAndGet();
                        }
                    }
                    return null;
                });
            }
            for (int renewal = 0; renewal < 5; renewal++) {
                int goOn = served.get() + 50;
                caller.renewNow().get(10, TimeUnit.SECONDS);
                server.renewNow().get(10, TimeUnit.SECONDS);
                await().atMost(Duration.ofSeconds(30)).until(() -> served.get() >= goOn || failed.get() > 0);
            }
            over.set(true);
        }
        assertThat(failed).as("of %s served", served).hasValue(0);
        assertThat(seen).hasSizeGreaterThanOrEqualTo(5);
    }
}
