package dev.postern.redacting.pseudonym;

/// Whose conversation, and which. Tenant and client always take part, so one caller can never name another's.
public record ConversationName(String tenant, String clientId, String name) {
    /// Before a name that the caller chose, so that it never equals one that was derived.
    public static final String NAMED = "named-";
}
