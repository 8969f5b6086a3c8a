package dev.postern.redacting.pseudonym;

/// The key of the conversation was compromised while a prompt was being redacted: nothing may be sent under it.
public final class ConversationEnded extends RuntimeException {
    private static final long serialVersionUID = 1;

    ConversationEnded() {
        super("the key of the conversation was compromised", null, false, false);
    }
}
