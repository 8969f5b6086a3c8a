package dev.postern.policy.anomaly;

/// Whose behaviour something is, and by which token it came.
public record Origin(String tenant, String clientId, String sessionId, String tokenId) {}
