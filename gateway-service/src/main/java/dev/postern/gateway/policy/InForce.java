package dev.postern.gateway.policy;

import dev.postern.policy.CompiledPolicy;

/// A policy set that is decided by.
///
/// @param epoch its version
public record InForce(long epoch, CompiledPolicy policy) {}
