package dev.postern.cli.custody;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.postern.archive.Capture;
import dev.postern.archive.CaptureName;
import dev.postern.archive.Custodians;
import dev.postern.archive.OpeningRequest;
import dev.postern.archive.SealedBody;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// An audit-service over real TLS with captures and one opening. It checks nothing: that is the real one's tests'.
/// State is guarded by its monitor.
public final class FakeArchive implements AutoCloseable {
    static final String SOURCE = "spiffe://postern.local/service/inference-relay";

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TrustDomain DOMAIN = new TrustDomain("postern.local");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final InMemoryAuthority authority =
            InMemoryAuthority.create("test", Duration.ofDays(1), Clock.systemUTC(), RANDOM);
    private final WorkloadIdentity identity = authority.identityOf(DOMAIN.idOf("audit-service"));
    private final HttpsServer server;
    private final Map<String, Capture> captures = new LinkedHashMap<>();
    private final List<JsonNode> decisions = new ArrayList<>();
    private final Map<String, Deque<Integer>> hindrances = new HashMap<>();
    private String shownReason = "";
    private String forgedReason = "";
    private String shownCapture = "";
    private String expires = "2026-11-23T13:00:00Z";
    private JsonNode asked = JSON.createObjectNode();

    public FakeArchive() throws IOException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(identity.sslContext()));
        server.createContext("/", this::answer);
        server.start();
    }

    public URI address() {
        return URI.create("https://localhost:" + server.getAddress().getPort());
    }

    /// Whom to trust for it, as a file in PEM.
    public Path authority(Path file) throws IOException, CertificateEncodingException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(authority.certificate().getEncoded());
        return Files.writeString(file, "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n");
    }

    ArchiveService service(Path tokenFile) {
        return service(address(), tokenFile);
    }

    ArchiveService service(URI address, Path tokenFile) {
        return new ArchiveService(
                new PlatformHttp(authority.identityOf(DOMAIN.idOf("nobody")).sslContext()), address, tokenFile);
    }

    /// Logs a captured body.
    public synchronized CaptureName capture(String id, byte[] body, Custodians custodians) {
        CaptureName name = new CaptureName(id, "r-1", "demo", "acme", CaptureName.ANSWER);
        captures.put(id, new Capture(name, SealedBody.seal(body, custodians, name.label(), RANDOM)));
        return name;
    }

    /// As if somebody had asked for these events.
    public synchronized void ask(String reason, String recipient, String... events) {
        ObjectNode document = JSON.createObjectNode().put("reason", reason).put("recipient", recipient);
        ArrayNode entries = document.putArray("events");
        for (String event : events) {
            entries.addObject().put("source", SOURCE).put("id", event);
        }
        asked = document;
        notifyAll();
    }

    /// The next answers to a call are these, without a document; 0 hangs up.
    synchronized void hinder(String call, Integer... statuses) {
        hindrances.computeIfAbsent(call, _ -> new ArrayDeque<>()).addAll(List.of(statuses));
    }

    /// Whether all hindrances were met.
    synchronized boolean hindered() {
        return hindrances.values().stream().allMatch(Deque::isEmpty);
    }

    /// Shows custodians the shares of one body, though another was asked for.
    synchronized void showCapture(String id) {
        shownCapture = id;
    }

    /// How long requests live, from noon.
    synchronized void expire(String time) {
        expires = time;
    }

    /// Shows custodians another reason than the one that was given.
    synchronized void showReason(String reason) {
        shownReason = reason;
    }

    /// Takes the request down with another reason, in its digest too.
    synchronized void forgeReason(String reason) {
        forgedReason = reason;
    }

    private String reason() {
        return forgedReason.isEmpty() ? asked.path("reason").asString() : forgedReason;
    }

    /// Waits until somebody asked.
    synchronized void awaitAsked() throws InterruptedException {
        while (asked.isEmpty()) {
            wait();
        }
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode body = JSON.readTree(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            String call =
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
            Integer hindrance =
                    hindrances.getOrDefault(call, new ArrayDeque<>()).poll();
            if (hindrance != null) {
                if (hindrance != 0) {
                    byte[] page = "<html>".getBytes(UTF_8);
                    exchange.sendResponseHeaders(hindrance, page.length);
                    exchange.getResponseBody().write(page);
                }
                return;
            }
            JsonNode answer = of(call, body, exchange);
            byte[] octets = answer.toString().getBytes(UTF_8);
            exchange.sendResponseHeaders(answer.isEmpty() ? 404 : 200, octets.length);
            exchange.getResponseBody().write(octets);
        }
    }

    private JsonNode of(String call, JsonNode body, HttpExchange exchange) {
        return switch (call) {
            case "GET /v1/events" -> {
                String query = exchange.getRequestURI().getQuery();
                yield query.contains("approval.decided") ? decided() : events(query.contains("after="));
            }
            case "POST /v1/openings" -> {
                asked = body;
                notifyAll();
                yield summary();
            }
            case "GET /v1/openings" -> JSON.createArrayNode().add(summary());
            case "GET /v1/openings/o-1" -> detail();
            case "POST /v1/openings/o-1/decisions" -> {
                decisions.add(body);
                yield summary();
            }
            case "POST /v1/openings/o-1/release" -> released();
            default -> JSON.createObjectNode();
        };
    }

    /// As the log has it: one that is no custodian's among them.
    private ObjectNode decided() {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode events = answer.putArray("events");
        events.addObject().putObject("data").put("approval_id", "a-1").put("decision", "approved");
        for (JsonNode decision : decisions) {
            boolean refused = decision.path("kind").asString().equals("refused");
            events.addObject()
                    .put("time", "2026-11-23T12:00:00.000Z")
                    .putObject("data")
                    .put("approval_id", "o-1")
                    .put("custodian", decision.path("custodian").asString())
                    .put("decision", refused ? "rejected" : "approved")
                    .put("digest", request().digest())
                    .put("signature", decision.path("signature").asString());
        }
        return answer;
    }

    /// Two pages: the last part of each capture is on the first.
    private ObjectNode events(boolean second) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode events = answer.putArray("events");
        captures.forEach((id, capture) -> {
            int parts = capture.events().size();
            for (int part = parts; part >= 1; part--) {
                if ((part == parts) != second) {
                    ObjectNode event = events.addObject()
                            .put("source", SOURCE)
                            .put("id", id + "." + part)
                            .put("time", "2026-11-23T12:00:00.000Z");
                    named(event.putObject("data"), capture.name())
                            .put("part", part)
                            .put("parts", parts);
                }
            }
        });
        return second ? answer : answer.put("next", "2026w48:1");
    }

    private static ObjectNode named(ObjectNode document, CaptureName name) {
        return document.put("capture_id", name.captureId())
                .put("request_id", name.requestId())
                .put("client_id", name.clientId())
                .put("tenant", name.tenant())
                .put("kind", name.kind());
    }

    private OpeningRequest request() {
        List<OpeningRequest.Entry> entries = new ArrayList<>();
        asked.path("events")
                .forEach(event -> entries.add(new OpeningRequest.Entry(
                        event.path("source").asString(), event.path("id").asString(), "AA==")));
        return new OpeningRequest(
                "console/eve",
                reason(),
                asked.path("recipient").asString(),
                entries,
                asked().map(capture -> OpeningRequest.Body.of(
                                capture.name(), body(capture).id()))
                        .toList());
    }

    /// The captures that were asked for.
    private Stream<Capture> asked() {
        return captures.values().stream()
                .filter(capture -> asked.path("events")
                        .valueStream()
                        .anyMatch(event -> event.path("id")
                                .asString()
                                .startsWith(capture.name().captureId() + ".")));
    }

    private static SealedBody body(Capture capture) {
        return SealedBody.parse(capture.sealed()).orElseThrow();
    }

    private ObjectNode summary() {
        boolean refused = decisions.stream()
                .anyMatch(decision -> decision.path("kind").asString().equals("refused"));
        ObjectNode summary = JSON.createObjectNode()
                .put("id", "o-1")
                .put("state", refused ? "refused" : decisions.size() == 2 ? "approved" : "waiting")
                .put("requester", "console/eve")
                .put("reason", shownReason.isEmpty() ? reason() : shownReason)
                .put("digest", request().digest())
                .put("captures", captures.size())
                .put("asked_at", "2026-11-23T12:00:00Z")
                .put("expires_at", expires);
        ArrayNode decided = summary.putArray("decisions");
        decisions.forEach(decision -> decided.addObject()
                .put("custodian", decision.path("custodian").asString())
                .put("kind", decision.path("kind").asString())
                .put("signature", decision.path("signature").asString()));
        return summary;
    }

    private ObjectNode detail() {
        ObjectNode detail =
                JSON.createObjectNode().put("recipient", asked.path("recipient").asString());
        detail.set("opening", summary());
        ArrayNode events = detail.putArray("events");
        request()
                .entries()
                .forEach(entry -> events.addObject()
                        .put("source", entry.source())
                        .put("id", entry.id())
                        .put("leaf", entry.leaf()));
        ArrayNode shown = detail.putArray("captures");
        Capture other = captures.get(shownCapture);
        (other == null ? asked() : Stream.of(other)).forEach(capture -> {
            ArrayNode portions = named(shown.addObject(), capture.name()).putArray("portions");
            body(capture)
                    .portions()
                    .forEach(portion -> portions.addObject()
                            .put("body", base64(portion.body()))
                            .put("custodian", portion.custodian())
                            .put("x", portion.x())
                            .put("sealed", base64(portion.sealed())));
        });
        return detail;
    }

    private ObjectNode released() {
        ObjectNode released = JSON.createObjectNode();
        released.set("decisions", summary().path("decisions"));
        ArrayNode bodies = released.putArray("captures");
        asked().forEach(capture -> {
            ArrayNode shares = named(bodies.addObject(), capture.name())
                    .put("sealed", base64(capture.sealed()))
                    .putArray("shares");
            SealedBody body = body(capture);
            decisions.forEach(decision -> {
                String custodian = decision.path("custodian").asString();
                decision.path("shares").forEach(share -> {
                    if (share.path("capture").asString().equals(capture.name().captureId())) {
                        shares.addObject()
                                .put("custodian", custodian)
                                .put("x", body.portion(custodian).orElseThrow().x())
                                .put("sealed", share.path("sealed").asString());
                    }
                });
            });
        });
        return released;
    }

    private static String base64(byte[] octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    @Override
    public void close() {
        server.stop(0);
        identity.close();
    }
}
