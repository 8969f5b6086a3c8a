package dev.postern.redacting;

import dev.postern.chassis.keys.Generations;
import dev.postern.kms.KeyManagement;
import dev.postern.kms.KeyName;
import dev.postern.kms.WrappedSets;
import dev.postern.kms.envelope.KeyRing;
import dev.postern.kms.envelope.KeyUse;
import dev.postern.kms.envelope.SetKeyShelf;
import dev.postern.redacting.pseudonym.RedisVault;
import java.security.SecureRandom;
import java.time.Clock;

/// The data keys that seal the keys of conversations in Redis. The key directory drives them: a new one seals and all
/// is sealed anew under it, an old one is destroyed when its time is over. The key of the places is not of these.
final class VaultKeys implements Generations {
    private static final String SET = "pseudonym-vault-keys";
    private static final KeyName STORE = KeyName.wrapping("pseudonym-vault");

    private final KeyRing keys;
    private final RedisVault vault;

    VaultKeys(KeyRing keys, RedisVault vault) {
        this.keys = keys;
        this.vault = vault;
    }

    /// Shared by all replicas that share their wrapped sets.
    static KeyRing open(KeyManagement kms, WrappedSets sets, SecureRandom random, Clock clock) {
        return KeyRing.open(kms, STORE, new SetKeyShelf(sets, SET), random, clock);
    }

    /// Meets what other replicas did, and what happened to the key that wraps them. For now and then.
    void tend() {
        keys.refresh();
        var _ = keys.rewrap();
    }

    @Override
    public int newest() {
        keys.refresh();
        return keys.active(KeyUse.RECORDS);
    }

    @Override
    public void advanceTo(int generation) {
        keys.advanceTo(KeyUse.RECORDS, generation);
    }

    @Override
    public int renew() {
        return vault.reseal();
    }

    @Override
    public void endBefore(int oldest) {
        keys.generations(KeyUse.RECORDS).headSet(oldest).forEach(old -> keys.destroy(KeyUse.RECORDS, old));
    }
}
