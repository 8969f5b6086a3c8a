package dev.postern.sts;

import com.nimbusds.jose.util.JSONArrayUtils;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.postern.identity.PeerIdentity;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.token.IdentityJws;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/// The part of the key-rotation-service that a signer sees, over real mTLS: the signed directory and the registration
/// of keys. The first key becomes ACTIVE at once; [#rotate] makes the spare ACTIVE. Also takes audit events and
/// acknowledges them.
final class FakeRotationService implements AutoCloseable {

    private final WorkloadIdentity identity;
    private final Clock clock;
    private final HttpsServer server;
    private final HttpsServer auditServer;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    /// Guarded by this.
    private final Map<String, Map<String, Object>> keys = new LinkedHashMap<>();

    /// Guarded by this.
    private long version = 1;

    private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> auditBatches = new LinkedBlockingQueue<>();

    /// @param audit the identity of the audit-service: nobody else gets events
    FakeRotationService(WorkloadIdentity identity, WorkloadIdentity audit, Clock clock) throws IOException {
        this.identity = identity;
        this.clock = clock;
        server = listen(identity);
        server.createContext("/v1/directory", exchange -> answer(exchange, 200, directory()));
        server.createContext("/v1/keys/token-signing/", this::register);
        auditServer = listen(audit);
        auditServer.createContext("/v1/events", this::acknowledge);
    }

    private HttpsServer listen(WorkloadIdentity as) throws IOException {
        HttpsServer listening = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        listening.setHttpsConfigurator(new HttpsConfigurator(as.sslContext()) {
            @Override
            public void configure(HttpsParameters parameters) {
                var ssl = getSSLContext().getDefaultSSLParameters();
                ssl.setNeedClientAuth(true);
                parameters.setSSLParameters(ssl);
            }
        });
        listening.setExecutor(threads);
        listening.start();
        return listening;
    }

    URI auditAddress() {
        return URI.create("https://localhost:" + auditServer.getAddress().getPort());
    }

    URI address() {
        return URI.create("https://localhost:" + server.getAddress().getPort());
    }

    BlockingQueue<String> auditBatches() {
        return auditBatches;
    }

    synchronized List<String> kids(String state) {
        return keys.entrySet().stream()
                .filter(key -> state.equals(key.getValue().get("state")))
                .map(Map.Entry::getKey)
                .toList();
    }

    /// The spare becomes ACTIVE, the active key RETIRING.
    synchronized void rotate() {
        for (Map<String, Object> key : keys.values()) {
            switch (String.valueOf(key.get("state"))) {
                case "PREPARED" -> key.put("state", "ACTIVE");
                case "ACTIVE" -> key.put("state", "RETIRING");
                default -> {}
            }
        }
        version++;
    }

    /// The active key is COMPROMISED, the spare ACTIVE.
    synchronized void compromise() {
        for (Map<String, Object> key : keys.values()) {
            switch (String.valueOf(key.get("state"))) {
                case "PREPARED" -> key.put("state", "ACTIVE");
                case "ACTIVE" -> key.put("state", "COMPROMISED");
                default -> {}
            }
        }
        version++;
    }

    /// What owners said of the end of their compromised keys: `<kid> <body>`.
    BlockingQueue<String> ended() {
        return ended;
    }

    private synchronized String directory() {
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("version", version);
        payload.put("issued_at", clock.instant().getEpochSecond());
        payload.put("keys", new ArrayList<>(keys.values()));
        return IdentityJws.sign(
                "postern-directory+jwt",
                JSONObjectUtils.toJSONString(payload).getBytes(StandardCharsets.UTF_8),
                identity.current().privateKey(),
                identity.current().chain());
    }

    private void register(HttpExchange exchange) throws IOException {
        try {
            String path = exchange.getRequestURI().getPath();
            String body = body(exchange);
            if (path.endsWith("/ended")) {
                String kid = path.substring("/v1/keys/token-signing/".length(), path.length() - "/ended".length());
                ended.add(kid + " " + body);
                answer(exchange, 200, "");
                return;
            }
            Map<String, Object> request = JSONObjectUtils.parse(body);
            String keyId = path.substring(path.lastIndexOf('/') + 1);
            URI owner = PeerIdentity.of((X509Certificate)
                            ((HttpsExchange) exchange).getSSLSession().getPeerCertificates()[0])
                    .orElseThrow();
            synchronized (this) {
                Map<String, Object> key = new LinkedHashMap<>();
                key.put("kid", keyId);
                key.put("class", "token-signing");
                key.put("owner", owner.toString());
                key.put("instance", request.get("instance"));
                key.put("state", keys.isEmpty() ? "ACTIVE" : "PREPARED");
                key.put("jwk", request.get("jwk"));
                if (keys.putIfAbsent(keyId, key) == null) {
                    version++;
                }
            }
            answer(exchange, 204, "");
        } catch (ParseException e) {
            answer(exchange, 400, "");
        }
    }

    private void acknowledge(HttpExchange exchange) throws IOException {
        String batch = body(exchange);
        try {
            List<Map<String, Object>> acks = new ArrayList<>();
            for (Object event : JSONArrayUtils.parse(batch)) {
                Map<?, ?> fields = (Map<?, ?>) event;
                acks.add(Map.of(
                        "source",
                        String.valueOf(fields.get("source")),
                        "id",
                        String.valueOf(fields.get("id")),
                        "shard",
                        "test",
                        "index",
                        0));
            }
            auditBatches.add(batch);
            answer(exchange, 200, JSONObjectUtils.toJSONString(Map.of("acks", acks)));
        } catch (ParseException e) {
            answer(exchange, 400, "");
        }
    }

    private static String body(HttpExchange exchange) throws IOException {
        return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        auditServer.stop(0);
        threads.close();
    }
}
