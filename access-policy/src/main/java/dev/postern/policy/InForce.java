package dev.postern.policy;

/// A policy set that is decided by.
///
/// @param epoch its version
public record InForce(long epoch, CompiledPolicy policy) {}
