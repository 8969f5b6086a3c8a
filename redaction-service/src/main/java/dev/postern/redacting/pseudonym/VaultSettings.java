package dev.postern.redacting.pseudonym;

import java.time.Duration;

/// Bounds of the memory of pseudonyms.
///
/// @param idle after which an unused conversation is forgotten
/// @param values of all conversations together; a long one counts once per 256 characters begun
public record VaultSettings(Duration idle, int conversations, int valuesPerConversation, int values) {
    public VaultSettings {
        if (idle.isNegative() || idle.isZero() || conversations < 1 || valuesPerConversation < 1 || values < 1) {
            throw new IllegalArgumentException("the vault needs an idle time and bounds above zero");
        }
    }
}
