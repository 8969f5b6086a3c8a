package dev.postern.simulator.model;

import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The models on offer. Every name says what they are.
final class ModelCatalog {
    private static final List<String> NAMES = List.of("simulator-small", "simulator-large", "simulator-embed");

    private ModelCatalog() {}

    static boolean knows(String model) {
        return NAMES.contains(model);
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
