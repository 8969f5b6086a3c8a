package dev.postern.redacting;

import dev.postern.chassis.keys.KeySource;
import dev.postern.redacting.pseudonym.ConversationVault;
import dev.postern.redacting.pseudonym.PseudonymRoot;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// The vault's root keys as the key directory knows them: by their ids. The material stays in the vault, and so do
/// conversations: before the directory lists anything the vault works under the root that it has.
final class PseudonymKeySource implements KeySource<String> {
    private final ConversationVault vault;
    private final Set<String> listed = new HashSet<>();
    /// How many conversations each compromised root took with it.
    private final Map<String, Integer> ended = new HashMap<>();

    PseudonymKeySource(ConversationVault vault) {
        this.vault = vault;
    }

    @Override
    public String keyClass() {
        return "pseudonym";
    }

    @Override
    public Retirement retirement() {
        return Retirement.HELD;
    }

    @Override
    public String next() {
        String active = vault.roots().getFirst().kid();
        return listed.contains(active) ? vault.prepareRoot() : active;
    }

    @Override
    public String keyId(String kid) {
        return kid;
    }

    @Override
    public Map<String, Object> publicJwk(String kid) {
        return Map.of();
    }

    /// One that was kept over a restart.
    @Override
    public Optional<String> load(String kid) {
        return vault.roots().stream()
                .map(PseudonymRoot::kid)
                .filter(kid::equals)
                .findFirst();
    }

    @Override
    public void moved(String kid, Fate fate) {
        listed.add(kid);
        switch (fate) {
            case PREPARED, RETIRING -> {}
            case ACTIVE -> vault.activateRoot(kid);
            case DESTROYED -> vault.endRoot(kid);
            case COMPROMISED -> ended.put(kid, vault.endRoot(kid).orElse(0));
        }
    }

    @Override
    public OptionalInt endedWith(String kid) {
        return OptionalInt.of(ended.getOrDefault(kid, 0));
    }
}
