package dev.postern.policy;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// When policy is asked. Not per message: once when a token is issued, once when something is started with it, and
/// again for what lives when attributes or the policy change.
public enum Phase {
    /// A token is about to be issued; `token.scopes` are those it would get.
    ISSUE("issue"),
    /// A request, stream or sealed session starts or goes on.
    SESSION("session");

    private static final Map<String, Phase> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Phase::wireName, Function.identity()));

    private final String wireName;

    Phase(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }

    public static Optional<Phase> ofWireName(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }
}
