package dev.postern.policy;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What a rule does when its condition is true.
public enum Effect {
    ALLOW("allow"),
    DENY("deny");

    private static final Map<String, Effect> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Effect::wireName, Function.identity()));

    private final String wireName;

    Effect(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }

    static Optional<Effect> ofWireName(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }
}
