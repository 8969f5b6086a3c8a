package dev.postern.redacting;

import dev.postern.chassis.keys.KeySource;
import dev.postern.redacting.pseudonym.ConversationVault;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The vault's root keys as the key directory knows them: by their ids. The material stays in the vault, and so do
/// conversations: before the directory lists anything the vault works under the root that it has.
final class PseudonymKeySource implements KeySource<String> {
    private static final Logger LOG = LoggerFactory.getLogger(PseudonymKeySource.class);

    private final ConversationVault vault;
    private final Set<String> listed = new HashSet<>();
    /// Since the last that could be read; said once.
    private boolean unread;

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

    /// One that was kept over a restart, or that another replica made.
    @Override
    public Optional<String> load(String kid) {
        try {
            boolean there = vault.hasRoot(kid);
            unread = false;
            return there ? Optional.of(kid) : Optional.empty();
        } catch (RuntimeException e) {
            // It must not keep other keys from their fate; it is asked for again.
            if (!unread) {
                LOG.warn("the pseudonym root {} of another replica cannot be read yet; tried again", kid, e);
            }
            unread = true;
            return Optional.empty();
        }
    }

    @Override
    public void moved(String kid, Fate fate) {
        listed.add(kid);
        switch (fate) {
            case PREPARED, RETIRING -> {}
            case ACTIVE -> vault.activateRoot(kid);
            case DESTROYED -> vault.endRoot(kid);
            case COMPROMISED -> vault.endCompromised(kid);
        }
    }

    @Override
    public OptionalInt endedWith(String kid) {
        return vault.endedWith(kid);
    }
}
