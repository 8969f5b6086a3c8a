package dev.postern.redact.entity;

/// What becomes of a value when no policy says otherwise.
public enum Action {
    /// A reversible pseudonym stands for it.
    PSEUDONYMISE,
    /// It is removed for good (secrets).
    REMOVE,
    /// It stays: it is worth reporting, and seldom worth hiding (web addresses, dates).
    KEEP
}
