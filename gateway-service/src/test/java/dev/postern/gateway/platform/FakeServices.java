package dev.postern.gateway.platform;

import com.nimbusds.jose.JWSObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.postern.identity.PeerIdentity;
import dev.postern.identity.WorkloadIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.net.ssl.SSLParameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A token endpoint and an audit-service, both of which insist on the gateway's certificate.
final class FakeServices implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Tokens tokens;
    private final HttpsServer server;
    private final Queue<JsonNode> events = new ConcurrentLinkedQueue<>();
    private final AtomicInteger tokensIssued = new AtomicInteger();

    FakeServices(WorkloadIdentity identity, Tokens tokens) {
        this.tokens = tokens;
        try {
            server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.setHttpsConfigurator(new HttpsConfigurator(identity.sslContext()) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters tls = getSSLContext().getDefaultSSLParameters();
                tls.setNeedClientAuth(true);
                parameters.setSSLParameters(tls);
            }
        });
        server.createContext("/oauth2/token", this::token);
        server.createContext("/v1/events", this::events);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /// Every audit event that arrived.
    Queue<JsonNode> events() {
        return events;
    }

    int tokensIssued() {
        return tokensIssued.get();
    }

    private void token(HttpExchange exchange) throws IOException {
        String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        boolean asked = form.contains("grant_type=client_credentials")
                && form.contains("client_id=gateway-service")
                && form.contains("scope=llm%3Adelegate")
                && form.contains("resource=urn%3Apostern%3Arelay");
        if (!asked || !peer(exchange).equals("spiffe://postern.local/service/gateway-service")) {
            answer(exchange, 401, "{\"error\":\"invalid_client\"}");
            return;
        }
        tokensIssued.incrementAndGet();
        answer(
                exchange,
                200,
                "{\"token_type\":\"DPoP\",\"expires_in\":300,\"access_token\":\""
                        + tokens.forRelay(thumbprint(exchange)) + "\"}");
    }

    private static String thumbprint(HttpExchange exchange) {
        try {
            return JWSObject.parse(exchange.getRequestHeaders().getFirst("DPoP"))
                    .getHeader()
                    .getJWK()
                    .computeThumbprint()
                    .toString();
        } catch (ParseException | com.nimbusds.jose.JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String peer(HttpExchange exchange) {
        try {
            X509Certificate leaf =
                    (X509Certificate) ((HttpsExchange) exchange).getSSLSession().getPeerCertificates()[0];
            return PeerIdentity.of(leaf).orElseThrow().toString();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void events(HttpExchange exchange) throws IOException {
        JsonNode batch = JSON.readTree(exchange.getRequestBody().readAllBytes());
        batch.forEach(events::add);
        String acks = batch.valueStream()
                .map(event -> "{\"source\":\"" + event.path("source").asString() + "\",\"id\":\""
                        + event.path("id").asString() + "\",\"shard\":\"test\",\"index\":0}")
                .collect(Collectors.joining(","));
        answer(exchange, 200, "{\"acks\":[" + acks + "]}");
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
