package dev.postern.client;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How sensitive the data of a request is. The tenant's redaction policy treats it by this label, and the access policy
/// refuses what the client is not cleared for.
public enum Sensitivity {
    PUBLIC,
    INTERNAL,
    CONFIDENTIAL,
    RESTRICTED;

    /// The label that the protocol, and the header `Postern-Sensitivity`, write so.
    public static Optional<Sensitivity> ofWireName(String name) {
        return Arrays.stream(values())
                .filter(label -> label.wireName().equals(name))
                .findFirst();
    }

    /// As the protocol writes it.
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
