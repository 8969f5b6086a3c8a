package dev.postern.rotation.compromise;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// A sign that a key is in the wrong hands, as those who use keys see it.
enum Trigger {
    UNEXPECTED_USE,
    RETIRED_SIGNATURE,
    AEAD_FAILURES;

    String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Trigger> of(String code) {
        return Arrays.stream(values()).filter(it -> it.code().equals(code)).findFirst();
    }
}
