package dev.postern.chassis.keys;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// A sign that a key is in the wrong hands, as those who use keys see it.
public enum Trigger {
    /// Used by somebody before its owner may use it.
    UNEXPECTED_USE,
    /// It signed something after its owner had given it up.
    RETIRED_SIGNATURE,
    /// Much that does not open under it.
    AEAD_FAILURES;

    /// As reports and the audit log spell it.
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Trigger> of(String code) {
        return Arrays.stream(values()).filter(it -> it.code().equals(code)).findFirst();
    }
}
