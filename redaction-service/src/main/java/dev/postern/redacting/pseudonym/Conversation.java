package dev.postern.redacting.pseudonym;

import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// The pseudonyms of one conversation: equal values of a type get equal pseudonyms, and nobody without the
/// conversation's key can link them to those of another.
public interface Conversation {
    /// The pseudonym of a value.
    ///
    /// @param reserved pseudonyms that must not be given out, because their text already stands in the prompt
    /// @throws ConversationEnded when its key was compromised
    String pseudonym(Original original, Predicate<String> reserved);

    Optional<Original> original(String pseudonym);

    /// Every value still known, by its pseudonym.
    Map<String, Original> originals();
}
