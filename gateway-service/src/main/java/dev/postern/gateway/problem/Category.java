package dev.postern.gateway.problem;

/// Whose failure it is. Only the caller's and those of its quotas are audited as rejected requests; only ours are
/// logged as errors.
public enum Category {
    CALLER,
    /// The caller used up what it may use.
    QUOTA,
    CAPACITY,
    DEPENDENCY,
    US
}
