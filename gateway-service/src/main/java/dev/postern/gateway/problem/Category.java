package dev.postern.gateway.problem;

/// Whose failure it is. Only the caller's are audited as rejected requests; only ours are logged as errors.
public enum Category {
    CALLER,
    CAPACITY,
    DEPENDENCY,
    US
}
