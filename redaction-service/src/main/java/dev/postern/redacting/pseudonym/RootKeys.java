package dev.postern.redacting.pseudonym;

import dev.postern.redacting.pseudonym.PseudonymRoot.State;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The root keys: one active, a spare, and those that retire. Born in memory and gone with the process.
///
/// Guarded by the lock of its [ConversationVault].
final class RootKeys {
    /// A root key. Prints its name alone.
    record Root(String kid, PseudonymKey key) {
        @Override
        public String toString() {
            return "Root[" + kid + "]";
        }
    }

    private static final int KID_BYTES = 9;

    private final SecureRandom random;
    /// The active one first, then the younger before the older.
    private final List<Root> opening = new ArrayList<>();

    private Optional<Root> spare = Optional.empty();

    RootKeys(SecureRandom random) {
        this.random = random;
        opening.add(generate());
    }

    Root active() {
        return opening.getFirst();
    }

    /// Those that conversations may be under.
    List<Root> opening() {
        return opening;
    }

    Root prepare() {
        Root prepared = spare.orElseGet(this::generate);
        spare = Optional.of(prepared);
        return prepared;
    }

    /// Puts the spare in the place of the active one, which retires.
    ///
    /// @return whether it is the active one now
    boolean activate(String kid) {
        if (spare.filter(root -> root.kid().equals(kid)).isPresent()) {
            opening.addFirst(spare.orElseThrow());
            spare = Optional.empty();
        }
        return active().kid().equals(kid);
    }

    /// Lets go of a key. If it was the active one, the spare takes its place.
    ///
    /// @return whether it was there
    boolean drop(String kid) {
        if (spare.filter(root -> root.kid().equals(kid)).isPresent()) {
            spare = Optional.empty();
            return true;
        }
        if (active().kid().equals(kid)) {
            activate(prepare().kid());
        }
        return opening.removeIf(root -> root.kid().equals(kid));
    }

    /// Destroys the retiring ones that nothing is under.
    void destroyUnused(Set<String> used) {
        opening.removeIf(root -> !isActive(root) && !used.contains(root.kid()));
    }

    List<PseudonymRoot> states() {
        List<PseudonymRoot> states = new ArrayList<>();
        for (Root root : opening) {
            states.add(new PseudonymRoot(root.kid(), isActive(root) ? State.ACTIVE : State.RETIRING));
        }
        spare.ifPresent(root -> states.add(new PseudonymRoot(root.kid(), State.PREPARED)));
        return List.copyOf(states);
    }

    private boolean isActive(Root root) {
        return root.kid().equals(active().kid());
    }

    private Root generate() {
        byte[] kid = new byte[KID_BYTES];
        random.nextBytes(kid);
        return new Root(
                "pseudonym-" + Base64.getUrlEncoder().withoutPadding().encodeToString(kid),
                PseudonymKey.generate(random));
    }
}
