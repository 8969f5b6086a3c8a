package dev.postern.gateway.api;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.http.HttpMethod;

/// The operations of OpenAI's API that pass the edge. A closed set: what is not here does not exist.
public enum Operation {
    CHAT_COMPLETIONS("chat-completions", "/v1/chat/completions", Input.BODY),
    COMPLETIONS("completions", "/v1/completions", Input.BODY),
    EMBEDDINGS("embeddings", "/v1/embeddings", Input.BODY),
    LIST_MODELS("list-models", "/v1/models", Input.NONE),
    /// One model of the list; the relay knows the list only.
    GET_MODEL("get-model", "/v1/models", Input.NONE),
    /// A sealed session of the client's own; what is in it stays between client and relay.
    SEALED_SESSION("sealed-session", "/ssp1", Input.NONE);

    private enum Input {
        BODY,
        NONE
    }

    private static final String MODEL_PREFIX = "/v1/models/";
    private static final Map<String, Operation> BY_ROUTE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Operation::routeId, Function.identity()));
    private static final Map<String, Operation> BY_PATH = Arrays.stream(values())
            .filter(operation -> operation != GET_MODEL)
            .collect(Collectors.toUnmodifiableMap(Operation::relayName, Function.identity()));

    private final String routeId;
    private final String relayName;
    private final Input input;

    Operation(String routeId, String relayName, Input input) {
        this.routeId = routeId;
        this.relayName = relayName;
        this.input = input;
    }

    /// The operation of a route of `application.yml`.
    public static Optional<Operation> ofRoute(String routeId) {
        return Optional.ofNullable(BY_ROUTE.get(routeId));
    }

    /// The operation at a path, for books and audit; what a request may do is decided by its route.
    public static Optional<Operation> atPath(String path) {
        return path.startsWith(MODEL_PREFIX) ? Optional.of(GET_MODEL) : Optional.ofNullable(BY_PATH.get(path));
    }

    public String routeId() {
        return routeId;
    }

    /// The `op` of the request to the relay.
    public String relayName() {
        return relayName;
    }

    /// The model that the path of [#GET_MODEL] names, decoded; ids may hold slashes.
    public static String modelIn(String path) {
        return path.substring(MODEL_PREFIX.length());
    }

    /// What policy calls it.
    public String policyName() {
        return switch (this) {
            case CHAT_COMPLETIONS -> "chat.completions";
            case COMPLETIONS -> "completions";
            case EMBEDDINGS -> "embeddings";
            case LIST_MODELS -> "models.list";
            case GET_MODEL -> "models.get";
            case SEALED_SESSION -> "sealed.session";
        };
    }

    /// The one method that it takes.
    public HttpMethod method() {
        return hasBody() ? HttpMethod.POST : HttpMethod.GET;
    }

    public boolean hasBody() {
        return input == Input.BODY;
    }

    boolean streams() {
        return this == CHAT_COMPLETIONS || this == COMPLETIONS;
    }
}
