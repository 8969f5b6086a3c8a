package dev.postern.redacting.pseudonym;

import java.time.Duration;

/// Bounds of what is remembered of pseudonyms: of all together in memory, of each tenant in Redis.
///
/// @param idle after which an unused conversation is forgotten
/// @param lifetime after which any is
/// @param values of all conversations together; a long one counts once per 256 characters begun
public record VaultSettings(
        Duration idle, Duration lifetime, int conversations, int valuesPerConversation, int values) {
    public VaultSettings {
        if (!idle.isPositive()
                || !lifetime.isPositive()
                || conversations < 1
                || valuesPerConversation < 1
                || values < 1) {
            throw new IllegalArgumentException("the vault needs an idle time, a lifetime and bounds above zero");
        }
    }
}
