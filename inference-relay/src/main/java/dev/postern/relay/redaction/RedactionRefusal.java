package dev.postern.relay.redaction;

/// Why the redaction service ended an exchange.
public enum RedactionRefusal {
    MALFORMED,
    TOO_LARGE,
    OVERLOADED,
    /// The tenant's policy lets it not pass, or its own rule pack cannot say in time whether it may.
    BLOCKED,
    /// The service failed, or gave a reason this relay does not know.
    FAILED;

    static RedactionRefusal of(String code) {
        return switch (code) {
            case "malformed" -> MALFORMED;
            case "too-large" -> TOO_LARGE;
            case "overloaded" -> OVERLOADED;
            case "policy-blocked", "pack-too-costly" -> BLOCKED;
            default -> FAILED;
        };
    }
}
