package dev.postern.redacting.pseudonym;

import dev.postern.redacting.pseudonym.PseudonymRoot.State;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The root keys: one active, a spare, and those that retire.
///
/// Guarded by the lock of its [ConversationVault], which keeps what [#unkept] says: changes count in memory at once.
final class RootKeys {
    /// A root key. Prints its name alone.
    record Root(String kid, PseudonymKey key) {
        @Override
        public String toString() {
            return "Root[" + kid + "]";
        }
    }

    private static final int KID_BYTES = 9;
    private static final int KEY_BYTES = 32;

    /// The roots as they stood after so many changes.
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Unkept(long changes, byte[] keys) {
        @Override
        public String toString() {
            return "Unkept[" + changes + "]";
        }
    }

    private final SecureRandom random;
    /// The active one first, then the younger before the older.
    private final List<Root> opening = new ArrayList<>();

    private Optional<Root> spare = Optional.empty();
    private long changes;
    private long kept;

    RootKeys(Optional<byte[]> encoded, SecureRandom random) {
        this.random = random;
        encoded.ifPresent(keys -> {
            try {
                restore(keys);
            } finally {
                Arrays.fill(keys, (byte) 0);
            }
        });
        if (opening.isEmpty()) {
            opening.add(generate());
            changes++;
        }
    }

    Root active() {
        return opening.getFirst();
    }

    /// Those that conversations may be under.
    List<Root> opening() {
        return opening;
    }

    /// The spare, made now if there is none.
    Root prepare() {
        if (spare.isEmpty()) {
            spare = Optional.of(generate());
            changes++;
        }
        return spare.orElseThrow();
    }

    /// Puts the spare in the place of the active one, which retires.
    ///
    /// @return whether it is the active one now
    boolean activate(String kid) {
        if (spare.filter(root -> root.kid().equals(kid)).isPresent()) {
            opening.addFirst(spare.orElseThrow());
            spare = Optional.empty();
            changes++;
        }
        return active().kid().equals(kid);
    }

    /// Lets go of a key. If it was the active one, the spare takes its place.
    ///
    /// @return whether it was there
    boolean drop(String kid) {
        boolean dropped;
        if (spare.filter(root -> root.kid().equals(kid)).isPresent()) {
            spare = Optional.empty();
            dropped = true;
        } else {
            if (active().kid().equals(kid)) {
                opening.addFirst(spare.orElseGet(this::generate));
                spare = Optional.empty();
            }
            dropped = opening.removeIf(root -> root.kid().equals(kid));
        }
        if (dropped) {
            changes++;
        }
        return dropped;
    }

    /// Destroys the retiring ones that nothing is under.
    void destroyUnused(Set<String> used) {
        if (opening.removeIf(root -> !isActive(root) && !used.contains(root.kid()))) {
            changes++;
        }
    }

    List<PseudonymRoot> states() {
        List<PseudonymRoot> states = new ArrayList<>();
        for (Root root : opening) {
            states.add(new PseudonymRoot(root.kid(), isActive(root) ? State.ACTIVE : State.RETIRING));
        }
        spare.ifPresent(root -> states.add(new PseudonymRoot(root.kid(), State.PREPARED)));
        return List.copyOf(states);
    }

    /// What is to be kept, if anything changed since [#kept].
    Optional<Unkept> unkept() {
        return areKept() ? Optional.empty() : Optional.of(new Unkept(changes, encoded()));
    }

    boolean areKept() {
        return kept == changes;
    }

    void kept(Unkept roots) {
        kept = roots.changes();
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

    /// Each root as: 1 for the spare and 0 for others, the length of its id, its id, its key.
    private byte[] encoded() {
        List<Root> all = new ArrayList<>(opening);
        spare.ifPresent(all::add);
        ByteBuffer keys = ByteBuffer.allocate(all.stream()
                .mapToInt(root -> 2 + root.kid().length() + KEY_BYTES)
                .sum());
        for (Root root : all) {
            keys.put((byte) (spare.filter(root::equals).isPresent() ? 1 : 0))
                    .put((byte) root.kid().length())
                    .put(root.kid().getBytes(StandardCharsets.US_ASCII))
                    .put(root.key().material());
        }
        return keys.array();
    }

    private void restore(byte[] encoded) {
        ByteBuffer keys = ByteBuffer.wrap(encoded);
        while (keys.hasRemaining()) {
            boolean isSpare = keys.get() == 1;
            byte[] kid = new byte[keys.get()];
            byte[] key = new byte[KEY_BYTES];
            keys.get(kid).get(key);
            Root root = new Root(new String(kid, StandardCharsets.US_ASCII), PseudonymKey.of(key));
            if (isSpare) {
                spare = Optional.of(root);
            } else {
                opening.add(root);
            }
        }
    }
}
