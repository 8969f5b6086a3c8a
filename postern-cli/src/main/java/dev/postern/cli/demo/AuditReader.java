package dev.postern.cli.demo;

import dev.postern.cli.platform.PlatformService;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Asks audit-service, as the operator.
final class AuditReader {
    private static final int LATEST = 200;

    private final DemoWorld world;

    /// One logged event. `source` and `id` name it for a proof.
    record Event(String source, String id, Instant time, JsonNode data) {}

    AuditReader(DemoWorld world) {
        this.world = world;
    }

    /// The newest events of a type.
    List<Event> latest(String type) throws InterruptedException {
        JsonNode answer = world.operator().json(address("/v1/events?limit=" + LATEST + "&type=" + encoded(type)));
        List<Event> events = new ArrayList<>();
        for (JsonNode event : answer.path("events")) {
            events.add(new Event(
                    event.path("source").asString(),
                    event.path("id").asString(),
                    Instant.parse(event.path("time").asString()),
                    event.path("data")));
        }
        return events;
    }

    JsonNode proof(Event event) throws InterruptedException {
        return world.operator()
                .json(address("/v1/proofs?source=" + encoded(event.source()) + "&id=" + encoded(event.id())));
    }

    private URI address(String path) {
        return world.ports().endpoint(PlatformService.AUDIT).resolve(path);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
