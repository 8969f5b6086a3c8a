package dev.postern.redacting.pseudonym;

/// The conversation was shredded, or its key compromised, while a prompt was being redacted: nothing may be sent under
/// it.
public final class ConversationEnded extends RuntimeException {
    private static final long serialVersionUID = 1;

    ConversationEnded() {
        super("the conversation was ended", null, false, false);
    }
}
