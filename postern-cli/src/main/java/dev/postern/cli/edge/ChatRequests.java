package dev.postern.cli.edge;

import dev.postern.cli.operator.PlatformHttp;
import java.net.URI;
import java.net.http.HttpRequest;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Builds requests to the gateway; who asks is added by the caller.
public final class ChatRequests {
    public static final String SMALL = "simulator-small";
    /// Streams ten pieces a second.
    public static final String SLOW = "simulator-slow";

    private final URI gateway;

    public ChatRequests(URI gateway) {
        this.gateway = gateway;
    }

    public HttpRequest.Builder models() {
        return PlatformHttp.request(gateway.resolve("/v1/models"));
    }

    public HttpRequest.Builder whole(String model, String text) {
        return chat(body(model, text).put("stream", false));
    }

    public HttpRequest.Builder streamed(String model, String text) {
        return chat(body(model, text).put("stream", true));
    }

    /// With a bearer token.
    public static HttpRequest.Builder bearing(String token, HttpRequest.Builder request) {
        return request.setHeader("Authorization", "Bearer " + token);
    }

    private HttpRequest.Builder chat(ObjectNode body) {
        return PlatformHttp.request(gateway.resolve("/v1/chat/completions"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    }

    private static ObjectNode body(String model, String text) {
        ObjectNode body = new JsonMapper().createObjectNode().put("model", model);
        body.putArray("messages").addObject().put("role", "user").put("content", text);
        return body;
    }
}
