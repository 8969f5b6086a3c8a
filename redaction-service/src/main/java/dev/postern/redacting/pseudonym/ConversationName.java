package dev.postern.redacting.pseudonym;

/// Whose conversation, and which. Tenant and client always take part, so one caller can never name another's.
public record ConversationName(String tenant, String clientId, String name) {}
