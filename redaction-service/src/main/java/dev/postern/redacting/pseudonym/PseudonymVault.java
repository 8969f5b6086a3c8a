package dev.postern.redacting.pseudonym;

import java.util.List;
import java.util.Map;

/// Remembers which pseudonym stands for what, by conversation, for as long as it is used and not for ever. Safe for use
/// by many threads.
///
/// Guarantee: a caller sees conversations of its own tenant and client alone; equal values of a conversation have equal
/// pseudonyms; what a conversation learnt is kept when [#in] returns. Not guaranteed: that anything is still known
/// later; bounds and time make it forget.
public interface PseudonymVault {
    /// What is done with a conversation. Done again, on a conversation read anew, when another replica had the same
    /// conversation learn something that does not go together with it: so it must leave nothing behind.
    interface Work<T, E extends Exception> {
        T on(Conversation conversation) throws E;
    }

    /// The conversation of that name, new when it is unknown or was forgotten. It is not to be used afterwards.
    ///
    /// @throws VaultUnavailable when nobody can say what is known: then nothing may be sent on
    <T, E extends Exception> T in(ConversationName name, Work<T, E> work) throws E;

    /// As [#in], for callers that name none: the conversation that opens with these texts.
    ///
    /// @throws VaultUnavailable as above
    <T, E extends Exception> T inOpenedBy(String tenant, String clientId, List<String> openingTexts, Work<T, E> work)
            throws E;

    /// Everything that a conversation still knows, by its pseudonym; nothing of one that is not known.
    ///
    /// @throws VaultUnavailable when nobody can say
    Map<String, Original> originals(ConversationName name);

    /// Shreds a conversation: nobody can say any more what its pseudonyms stood for. An answer under way is still
    /// restored.
    ///
    /// @return whether it was known
    /// @throws VaultUnavailable when that cannot be done now
    boolean forget(ConversationName name);

    /// A conversation of no name, under a key that nobody keeps: gone with whoever holds it.
    Conversation passing();

    /// A one-way name for a caller's own identifier, stable for this caller as long as the root key is active.
    String keyedName(String tenant, String clientId, String identifier);

    /// A one-way name for a value, the same in all of a tenant's conversations as long as the root key is active.
    String keyedHash(String tenant, String type, String value);
}
