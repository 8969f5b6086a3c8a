package dev.postern.simulator.model;

import java.util.ArrayDeque;
import java.util.Deque;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/// The latest request bodies, oldest first: what a real model would have learned. Bounded in number and in bytes.
/// All state is guarded by this object's lock.
final class SeenRequests {
    private static final int MAX_REQUESTS = 2_000;
    private static final long MAX_BYTES = 16L * 1024 * 1024;

    private record Seen(JsonNode body, int bytes) {}

    private final Deque<Seen> ring = new ArrayDeque<>();
    private long bytes;

    synchronized void add(JsonNode body, int length) {
        ring.addLast(new Seen(body, length));
        bytes += length;
        while (ring.size() > MAX_REQUESTS || (bytes > MAX_BYTES && ring.size() > 1)) {
            bytes -= ring.removeFirst().bytes();
        }
    }

    synchronized void clear() {
        ring.clear();
        bytes = 0;
    }

    synchronized ArrayNode list(JsonMapper json) {
        ArrayNode list = json.createArrayNode();
        for (Seen seen : ring) {
            list.add(seen.body());
        }
        return list;
    }
}
