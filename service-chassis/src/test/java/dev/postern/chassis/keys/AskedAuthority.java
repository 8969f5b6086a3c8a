package dev.postern.chassis.keys;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.postern.chassis.peer.Door;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLParameters;

/// A server with the key-rotation-service's identity that records what it is asked over mTLS, and by which certificate.
final class AskedAuthority implements AutoCloseable {
    private final InMemoryAuthority authority =
            InMemoryAuthority.create("test", Duration.ofDays(1), Clock.systemUTC(), new SecureRandom());
    private final TrustDomain domain = new TrustDomain("postern.local");
    private final WorkloadIdentity own = authority.identityOf(domain.idOf("key-rotation-service"));
    final WorkloadIdentity caller = authority.identityOf(domain.idOf("inference-relay"));
    final List<String> asked = new CopyOnWriteArrayList<>();
    final List<String> serials = new CopyOnWriteArrayList<>();
    volatile int status = 200;
    private volatile CountDownLatch reached = new CountDownLatch(0);
    private volatile CountDownLatch answered = new CountDownLatch(0);
    private final HttpsServer server;

    AskedAuthority() throws IOException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(own.sslContext()) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters ssl = getSSLContext().getDefaultSSLParameters();
                ssl.setNeedClientAuth(true);
                parameters.setSSLParameters(ssl);
            }
        });
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (exchange instanceof HttpsExchange https
                    && https.getSSLSession().getPeerCertificates()[0] instanceof X509Certificate leaf) {
                serials.add(leaf.getSerialNumber().toString(16));
            }
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
            reached.countDown();
            try {
                answered.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
    }

    URI address() {
        return URI.create("https://localhost:" + server.getAddress().getPort());
    }

    /// From now on says when it is asked, and answers when it may.
    void hold(CountDownLatch asking, CountDownLatch answering) {
        reached = asking;
        answered = answering;
    }

    HttpClient client() {
        return caller.httpClient(Door.KEY_REPORTS.server(caller), RotationService.TIMEOUT);
    }

    void stop() {
        server.stop(0);
    }

    @Override
    public void close() {
        stop();
        caller.close();
        own.close();
    }
}
