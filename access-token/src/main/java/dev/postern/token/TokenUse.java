package dev.postern.token;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What a token is for (`token_use`). A token has one use, and a service takes the uses it is meant for only: what
/// administers the platform never carries data, and what carries data never administers.
public enum TokenUse {
    /// OpenAI's API at the gateway.
    INFERENCE("inference"),
    /// A sealed session with a relay; seconds to minutes of life.
    SESSION("session"),
    /// Writes live topics and reads nothing.
    PUBLISH("publish"),
    /// Reads live topics and writes nothing.
    SUBSCRIBE("subscribe"),
    /// One purpose, a counted number of times (see [AccessToken#uses]).
    CAPABILITY("capability"),
    /// The REST interfaces of redaction and audit.
    TOOL("tool"),
    /// The administration of the platform.
    ADMIN("admin");

    /// Every use but administration.
    public static final Set<TokenUse> DATA_PLANE = Set.of(INFERENCE, SESSION, PUBLISH, SUBSCRIBE, CAPABILITY, TOOL);

    private static final Map<String, TokenUse> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(TokenUse::wireName, Function.identity()));

    private final String wireName;

    TokenUse(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }

    public static Optional<TokenUse> ofWireName(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }
}
