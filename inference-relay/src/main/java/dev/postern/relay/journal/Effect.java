package dev.postern.relay.journal;

/// What must happen at most once: one client's request under one `msg_id`.
///
/// The id is 16 random octets that only the client and its relay know; it is the journal's key and is not printed.
public record Effect(String tenant, String clientId, String messageId) {
    @Override
    public String toString() {
        return "Effect[" + tenant + ", " + clientId + "]";
    }
}
