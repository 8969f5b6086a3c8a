package dev.postern.redacting.prompt;

/// A request body and whose it is. Prints nothing of the body.
///
/// @param conversation the caller's name for the conversation; empty: recognised by its opening messages
/// @param label of the data, as the caller says; empty: the policy's default
@SuppressWarnings("ArrayRecordComponent") // bytes handed over once, never compared
public record Prompt(String tenant, String clientId, String conversation, String label, byte[] body) {
    @Override
    public String toString() {
        return "Prompt[" + body.length + " bytes]";
    }
}
