package dev.postern.policy;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// How sensitive the data of a request is said to be, and up to what a client is cleared; in ascending order.
public enum Sensitivity {
    PUBLIC("public"),
    INTERNAL("internal"),
    CONFIDENTIAL("confidential"),
    RESTRICTED("restricted");

    private static final Map<String, Sensitivity> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Sensitivity::wireName, Function.identity()));

    private final String wireName;

    Sensitivity(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }

    /// Whether a clearance up to this one includes `label`.
    public boolean includes(Sensitivity label) {
        return label.compareTo(this) <= 0;
    }

    public static Optional<Sensitivity> ofWireName(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }
}
