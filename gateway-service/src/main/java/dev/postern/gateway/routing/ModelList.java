package dev.postern.gateway.routing;

import dev.postern.gateway.api.Operation;
import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import java.util.function.Predicate;
import org.springframework.http.server.reactive.ServerHttpRequest;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The relay's list of models, as far as a caller may use them.
///
/// Guarantee: a model that the caller may not use is answered, listed or not, exactly as one that does not exist, after
/// the same work.
final class ModelList {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ModelList() {}

    /// The id in the path, decoded; ids may hold slashes.
    static String idOf(ServerHttpRequest request) {
        return Operation.modelIn(request.getURI().getPath());
    }

    /// The list without what `mayUse` does not let through.
    static byte[] filtered(byte[] list, Predicate<String> mayUse) {
        ObjectNode document = read(list);
        ArrayNode allowed = JSON.createArrayNode();
        document.path("data")
                .valueStream()
                .filter(model -> mayUse.test(id(model)))
                .forEach(allowed::add);
        document.set("data", allowed);
        return JSON.writeValueAsBytes(document);
    }

    /// One model of the list.
    ///
    /// @throws Refused when the list does not name it, or the caller may not use it
    static byte[] one(byte[] list, String id, Predicate<String> mayUse) {
        return read(list)
                .path("data")
                .valueStream()
                .filter(model -> id.equals(id(model)))
                .filter(_ -> mayUse.test(id))
                .findFirst()
                .map((JsonNode model) -> JSON.writeValueAsBytes(model))
                .orElseThrow(() -> new Refused(Failure.UNKNOWN_MODEL));
    }

    private static ObjectNode read(byte[] list) {
        try {
            if (JSON.readTree(list) instanceof ObjectNode document) {
                return document;
            }
        } catch (JacksonException _) {
            // Nothing that a client could use.
        }
        throw new Refused(Failure.UPSTREAM_UNAVAILABLE);
    }

    private static String id(JsonNode model) {
        return model.path("id").asString("");
    }
}
