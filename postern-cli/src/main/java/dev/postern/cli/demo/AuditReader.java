package dev.postern.cli.demo;

import dev.postern.cli.platform.PlatformService;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Asks audit-service, as the operator.
final class AuditReader {
    private static final int LATEST = 200;

    private final DemoWorld world;

    /// One logged event. `source` and `id` name it for a proof.
    ///
    /// @param place its shard and index
    record Event(String source, String id, Instant time, JsonNode data, String place) {
        static Event of(JsonNode event) {
            return new Event(
                    event.path("source").asString(),
                    event.path("id").asString(),
                    Instant.parse(event.path("time").asString()),
                    event.path("data"),
                    event.path("shard").asString() + ":" + event.path("index").asLong());
        }
    }

    AuditReader(DemoWorld world) {
        this.world = world;
    }

    /// The newest events of a type.
    List<Event> latest(String type) throws InterruptedException {
        JsonNode answer = world.operator().json(address("/v1/events?limit=" + LATEST + "&type=" + encoded(type)));
        List<Event> events = new ArrayList<>();
        for (JsonNode event : answer.path("events")) {
            events.add(Event.of(event));
        }
        return events;
    }

    /// The events of a type that were recorded at that time or later, newest first.
    List<Event> since(String type, Instant time) throws InterruptedException {
        List<Event> events = new ArrayList<>();
        String query = "/v1/events?limit=" + LATEST + "&type=" + encoded(type);
        JsonNode answer = world.operator().json(address(query));
        while (take(answer, time, events) && !answer.path("next").asString("").isEmpty()) {
            answer = world.operator()
                    .json(address(
                            query + "&after=" + encoded(answer.path("next").asString())));
        }
        return events;
    }

    /// Whether there may be more. Events stand in the order in which they came, which is nearly that of their times.
    private static boolean take(JsonNode answer, Instant time, List<Event> events) {
        int before = events.size();
        for (JsonNode event : answer.path("events")) {
            Event one = Event.of(event);
            if (!one.time().isBefore(time.truncatedTo(ChronoUnit.MILLIS))) {
                events.add(one);
            }
        }
        return events.size() > before;
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
