package dev.postern.system;

import dev.postern.cli.operator.PlatformHttp;
import dev.postern.system.SystemPlatform.Running;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Plain requests to the gateway and the simulator's control end points.
final class Edge {
    static final JsonMapper JSON = new JsonMapper();
    private static final int PROBES_OF_A_BREAKER = 3;

    private final Running platform;

    Edge(Running platform) {
        this.platform = platform;
    }

    HttpResponse<String> chat(String token, String text) throws InterruptedException {
        return post("/v1/chat/completions", token, chatBody("simulator-small", text, "false"));
    }

    HttpResponse<String> streamedChat(String token, String text) throws InterruptedException {
        return post("/v1/chat/completions", token, chatBody("simulator-small", text, "true"));
    }

    HttpResponse<String> post(String path, String token, String body) throws InterruptedException {
        return platform.anyone().send(chatRequest(path, token, body));
    }

    HttpRequest.Builder chatRequest(String path, String token, String body) {
        HttpRequest.Builder request = PlatformHttp.request(platform.gateway(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    static String chatBody(String model, String text, String stream) {
        ObjectNode body = JSON.createObjectNode().put("model", model);
        body.set("stream", JSON.readTree(stream));
        body.putArray("messages").addObject().put("role", "user").put("content", text);
        return body.toString();
    }

    void faults(String document) throws InterruptedException {
        platform.anyone().post(platform.simulator("/_faults"), JSON.readTree(document));
    }

    void noFaults() throws InterruptedException {
        platform.anyone().delete(platform.simulator("/_faults"));
    }

    long seen(String marker) throws InterruptedException {
        long seen = 0;
        for (JsonNode body : platform.anyone().json(platform.simulator("/_seen"))) {
            seen += body.toString().contains(marker) ? 1 : 0;
        }
        return seen;
    }

    /// Waits until requests are served, and so often in a row that a circuit breaker which a fault opened has closed.
    void awaitServed(String token, String marker) throws InterruptedException {
        AtomicInteger row = new AtomicInteger();
        await("requests are served again", () -> {
            if (chat(token, Canary.prompt(marker)).statusCode() == 200) {
                return row.incrementAndGet() == PROBES_OF_A_BREAKER;
            }
            row.set(0);
            return false;
        });
    }

    /// Waits, bounded, for something that happens in another process.
    static void await(String what, Probe probe) throws InterruptedException {
        Instant end = Instant.now().plus(Duration.ofSeconds(30));
        while (!probe.holds()) {
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("did not happen within 30 s: " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }

    interface Probe {
        boolean holds() throws InterruptedException;
    }
}
