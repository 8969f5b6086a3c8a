package dev.postern.policy;

/// What is done where a condition about behaviour is true.
///
/// @param when a CEL expression of type bool
public record ContainmentRule(String id, String when, Containment.Action action) {}
