package dev.postern.redact.policy;

/// What is wrong with one member of a policy. It quotes no value.
///
/// @param pointer which member (RFC 6901); the whole document when empty
public record PolicyProblem(String pointer, String sentence) {}
