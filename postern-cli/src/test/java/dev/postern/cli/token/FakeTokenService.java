package dev.postern.cli.token;

import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.postern.cli.home.ClientKeys;
import dev.postern.cli.home.PosternHome;
import dev.postern.cli.home.PrivateFiles;
import dev.postern.cli.operator.PemIdentity;
import dev.postern.identity.CertificatePem;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.WorkloadIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A token-service over real TLS that demands what the real one demands of a client's form: a nonce in each DPoP
/// proof, an entity tag for each change. It decides nothing.
public final class FakeTokenService implements AutoCloseable {
    public static final String NONCE = "nonce-1";

    private final JsonMapper json = new JsonMapper();
    private final HttpsServer server;
    private final WorkloadIdentity identity;
    private final Map<String, JsonNode> documents = new ConcurrentHashMap<>();
    private final Map<String, Integer> versions = new ConcurrentHashMap<>();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final PosternHome home;
    private volatile Optional<Answer> next = Optional.empty();

    /// One request, as it came.
    public record Call(String method, String path, Map<String, String> headers, String body) {
        public Map<String, String> form() {
            Map<String, String> form = new HashMap<>();
            for (String field : body.split("&", -1)) {
                String[] parts = field.split("=", 2);
                form.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
            }
            return form;
        }

        public Object proofClaim(String name) {
            try {
                return String.valueOf(
                        SignedJWT.parse(headers.get("DPoP")).getJWTClaimsSet().getClaim(name));
            } catch (ParseException e) {
                throw new AssertionError("no proof", e);
            }
        }
    }

    private record Answer(int status, String body) {}

    public FakeTokenService(Path directory) throws IOException {
        Clock clock = Clock.systemUTC();
        SecureRandom random = new SecureRandom();
        InMemoryAuthority authority = InMemoryAuthority.create("test", Duration.ofDays(1), clock, random);
        this.identity = authority.identityOf(URI.create("spiffe://postern.local/service/token-service"));
        this.home = new PosternHome(directory);
        PrivateFiles.write(home.caCertificate(), CertificatePem.encode(authority.certificate()));
        client("security").ensureSigningKey(random);
        this.server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(identity.sslContext()));
        server.createContext("/oauth2/token", this::token);
        server.createContext("/admin/v1", this::admin);
        server.start();
    }

    public URI issuer() {
        return URI.create("https://localhost:" + server.getAddress().getPort());
    }

    public SSLContext tls() {
        return PemIdentity.trusting(home.caCertificate());
    }

    public ClientKeys client(String name) {
        return new ClientKeys(home, name);
    }

    public List<Call> calls(String method, String path) {
        return calls.stream()
                .filter(call -> call.method().equals(method) && call.path().equals(path))
                .toList();
    }

    /// Puts a document where a GET finds it.
    public void document(String path, String content) {
        documents.put("/admin/v1" + path, json.readTree(content));
        versions.put("/admin/v1" + path, 1);
    }

    /// Answers the next proven admin request with this.
    public void next(int status, String body) {
        next = Optional.of(new Answer(status, body));
    }

    @Override
    public void close() {
        server.stop(0);
        identity.close();
    }

    private void token(HttpExchange exchange) throws IOException {
        Call call = note(exchange);
        if (call.headers().containsKey("DPoP") && !NONCE.equals(call.proofClaim("nonce"))) {
            exchange.getResponseHeaders().add("DPoP-Nonce", NONCE);
            answer(exchange, 400, "{\"error\":\"use_dpop_nonce\"}");
        } else if ("refused".equals(call.form().get("scope"))) {
            answer(exchange, 400, "{\"error\":\"invalid_scope\"}");
        } else if ("malformed".equals(call.form().get("scope"))) {
            answer(exchange, 400, "{\"error\":\"invalid_request\"}");
        } else {
            answer(exchange, 200, "{\"access_token\":\"token-" + calls.size() + "\",\"expires_in\":300}");
        }
    }

    private void admin(HttpExchange exchange) throws IOException {
        Call call = note(exchange);
        if (!NONCE.equals(call.proofClaim("nonce"))) {
            exchange.getResponseHeaders().add("DPoP-Nonce", NONCE);
            answer(exchange, 401, "{}");
            return;
        }
        if (next.isPresent()) {
            Answer given = next.get();
            next = Optional.empty();
            answer(exchange, given.status(), given.body());
            return;
        }
        switch (call.method()) {
            case "GET" -> read(exchange);
            case "PUT" -> write(exchange, call);
            default -> answer(exchange, 201, call.body().isEmpty() ? "{}" : call.body());
        }
    }

    private void read(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        if (!documents.containsKey(path)) {
            answer(exchange, 404, "{\"detail\":\"Nothing of that name.\"}");
            return;
        }
        exchange.getResponseHeaders().add("ETag", "\"" + versions.get(path) + "\"");
        answer(exchange, 200, String.valueOf(documents.get(path)));
    }

    private void write(HttpExchange exchange, Call call) throws IOException {
        String expected = documents.containsKey(call.path()) ? "\"" + versions.get(call.path()) + "\"" : "";
        if (!expected.equals(call.headers().getOrDefault("If-Match", ""))) {
            answer(exchange, 412, "{\"detail\":\"The version differs.\"}");
            return;
        }
        documents.put(call.path(), json.readTree(call.body()));
        versions.merge(call.path(), 1, Integer::sum);
        ObjectNode body = ((ObjectNode) json.readTree(call.body())).put("version", versions.get(call.path()));
        answer(exchange, 200, body.toString());
    }

    private Call note(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
        Call call = new Call(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                headers,
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        calls.add(call);
        return call;
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
