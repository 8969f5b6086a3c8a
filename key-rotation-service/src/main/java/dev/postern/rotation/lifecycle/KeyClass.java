package dev.postern.rotation.lifecycle;

import java.util.Arrays;
import java.util.Optional;

/// What a key is for. Each class has a policy of its own.
public enum KeyClass {
    TOKEN_SIGNING("token-signing");

    private final String wireName;

    KeyClass(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }

    public static Optional<KeyClass> of(String wireName) {
        return Arrays.stream(values())
                .filter(it -> it.wireName.equals(wireName))
                .findFirst();
    }
}
