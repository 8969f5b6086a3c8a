package dev.postern.redacting.pseudonym;

import java.time.Duration;

/// Bounds of the memory of pseudonyms.
///
/// @param idle after which an unused conversation is forgotten
public record VaultSettings(Duration idle, int conversations, int valuesPerConversation) {
    public VaultSettings {
        if (idle.isNegative() || idle.isZero() || conversations < 1 || valuesPerConversation < 1) {
            throw new IllegalArgumentException("the vault needs an idle time and bounds above zero");
        }
    }
}
