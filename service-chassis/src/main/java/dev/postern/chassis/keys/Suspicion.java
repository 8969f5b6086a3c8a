package dev.postern.chassis.keys;

/// That a key is in the wrong hands, and why somebody thinks so.
///
/// @param keyClass for example `token-signing`
public record Suspicion(String keyClass, String keyId, Trigger trigger) {}
