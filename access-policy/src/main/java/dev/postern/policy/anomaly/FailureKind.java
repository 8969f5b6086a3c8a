package dev.postern.policy.anomaly;

/// What a sealed session can fail at.
public enum FailureKind {
    /// A frame or message whose tag does not verify, or that is none.
    AUTHENTICATION,
    /// A frame out of order, twice, or of a time that is over.
    SEQUENCE
}
