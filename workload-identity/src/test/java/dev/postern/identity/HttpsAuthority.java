package dev.postern.identity;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A real HTTPS server that speaks the two calls of the identity authority, on an ephemeral port.
final class HttpsAuthority implements AutoCloseable {
    private final JsonMapper json = JsonMapper.shared();
    private final Map<String, String> serviceByToken = new ConcurrentHashMap<>();
    private final Map<String, String> serviceByAccountToken = new ConcurrentHashMap<>();
    private final Duration lifetime;
    private final WorkloadIdentity own;
    private final HttpsServer server;
    final InMemoryAuthority authority;
    /// Whose certificates it hands out.
    volatile InMemoryAuthority issuing;

    volatile boolean away;

    HttpsAuthority(Duration lifetime) throws IOException {
        this(lifetime, "key-rotation-service");
    }

    /// @param name of the workload that answers: only one is an authority
    HttpsAuthority(Duration lifetime, String name) throws IOException {
        this.lifetime = lifetime;
        this.authority = Authorities.at(Clock.systemUTC());
        this.issuing = authority;
        this.own = authority.identityOf(Authorities.DOMAIN.idOf(name));
        this.server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(own.sslContext()) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters tls = getSSLContext().getDefaultSSLParameters();
                tls.setWantClientAuth(true);
                parameters.setSSLParameters(tls);
            }
        });
        server.createContext("/v1/identities/join", exchange -> {
            JsonNode body = json.readTree(exchange.getRequestBody().readAllBytes());
            String service = serviceByToken.remove(body.path("join_token").asString());
            answer(exchange, Optional.ofNullable(service).map(Authorities.DOMAIN::idOf), body);
        });
        server.createContext("/v1/identities/kubernetes", exchange -> {
            JsonNode body = json.readTree(exchange.getRequestBody().readAllBytes());
            String service = serviceByAccountToken.get(body.path("token").asString());
            answer(exchange, Optional.ofNullable(service).map(Authorities.DOMAIN::idOf), body);
        });
        server.createContext("/v1/identities/renew", exchange -> {
            JsonNode body = json.readTree(exchange.getRequestBody().readAllBytes());
            answer(exchange, peer((HttpsExchange) exchange), body);
        });
        server.start();
    }

    URI address() {
        return URI.create("https://localhost:" + server.getAddress().getPort());
    }

    void admit(String token, String service) {
        serviceByToken.put(token, service);
    }

    /// Takes the token for that service's, as often as it comes.
    void attest(String token, String service) {
        serviceByAccountToken.put(token, service);
    }

    private static Optional<URI> peer(HttpsExchange exchange) {
        try {
            return PeerIdentity.of((X509Certificate) exchange.getSSLSession().getPeerCertificates()[0]);
        } catch (SSLPeerUnverifiedException _) {
            return Optional.empty();
        }
    }

    private void answer(HttpExchange exchange, Optional<URI> identity, JsonNode body) throws IOException {
        try (exchange) {
            if (away) {
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            if (identity.isEmpty()) {
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            IssuedChain issued = issuing.issue(
                    CertificatePem.request(body.path("csr").asString()), Authorities.grant(identity.get(), lifetime));
            byte[] answer = json.writeValueAsBytes(Map.of(
                    "chain",
                    CertificatePem.encode(issued.chain()),
                    "anchors",
                    CertificatePem.encode(issued.anchors())));
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        } catch (SigningRequest.Refused | java.security.cert.CertificateException _) {
            exchange.sendResponseHeaders(400, -1);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        own.close();
    }
}
