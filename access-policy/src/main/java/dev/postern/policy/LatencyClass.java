package dev.postern.policy;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// How soon an answer is wanted.
public enum LatencyClass {
    INTERACTIVE("interactive"),
    BATCH("batch");

    private static final Map<String, LatencyClass> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(LatencyClass::wireName, Function.identity()));

    private final String wireName;

    LatencyClass(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }

    public static Optional<LatencyClass> ofWireName(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }
}
