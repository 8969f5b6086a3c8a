package dev.postern.gateway.routing;

import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import org.springframework.http.server.reactive.ServerHttpRequest;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One model of the relay's list, for `GET /v1/models/{id}`.
final class OneModel {
    private static final String PREFIX = "/v1/models/";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private OneModel() {}

    /// The id in the path, decoded; ids may hold slashes.
    static String idOf(ServerHttpRequest request) {
        return request.getURI().getPath().substring(PREFIX.length());
    }

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
