package dev.postern.simulator.model;

import java.time.Duration;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The models on offer. Every name says what they are.
final class ModelCatalog {
    /// Streams one piece in a tenth of a second: an answer lasts long enough to be interrupted.
    private static final String SLOW = "simulator-slow";
    private static final Duration SLOWNESS = Duration.ofMillis(100);

    private static final List<String> NAMES = List.of("simulator-small", "simulator-large", SLOW, "simulator-embed");

    private ModelCatalog() {}

    static boolean knows(String model) {
        return NAMES.contains(model);
    }

    /// How long a model thinks before each streamed piece, beside what faults demand.
    static Duration pace(String model) {
        return model.equals(SLOW) ? SLOWNESS : Duration.ZERO;
    }

    static ObjectNode list(JsonMapper json, long created) {
        ArrayNode models = json.createArrayNode();
        for (String name : NAMES) {
            models.addObject()
                    .put("id", name)
                    .put("object", "model")
                    .put("created", created)
                    .put("owned_by", "postern-simulator");
        }
        ObjectNode list = json.createObjectNode().put("object", "list");
        list.set("data", models);
        return list;
    }
}
