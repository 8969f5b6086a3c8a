package dev.postern.gateway.routing;

import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One model of the relay's list, for `GET /v1/models/{id}`.
final class OneModel {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private OneModel() {}

    /// @throws Refused when the list does not name it
    static byte[] of(byte[] list, String id) {
        try {
            return JSON.readTree(list)
                    .path("data")
                    .valueStream()
                    .filter(model -> id.equals(model.path("id").asString("")))
                    .findFirst()
                    .map((JsonNode model) -> JSON.writeValueAsBytes(model))
                    .orElseThrow(() -> new Refused(Failure.UNKNOWN_MODEL));
        } catch (JacksonException _) {
            throw new Refused(Failure.UPSTREAM_UNAVAILABLE);
        }
    }
}
