package dev.postern.redacting.pseudonym;

import java.security.SecureRandom;

/// The contract in memory.
final class ConversationVaultContractTest extends PseudonymVaultContract {
    @Override
    PseudonymVault vault() {
        return new ConversationVault(SETTINGS, RootStore.none(), new SecureRandom(), clock);
    }
}
