package dev.postern.redacting.pseudonym;

import dev.postern.redacting.pseudonym.PseudonymRoot.State;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The root keys: one active, spares, and those that retire.
///
/// Replicas share them by what is kept: [#learn] takes those of others, of which the key directory says what becomes of
/// them, as it does of our own. What ended here stays ended, whatever others keep.
///
/// Guarded by the lock of its [ConversationVault], which keeps what [#encoded] says: changes count in memory at once.
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

    private final SecureRandom random;
    /// The active one first, then the younger before the older.
    private final List<Root> opening = new ArrayList<>();

    /// Nothing is under them here: spares, and those of other replicas.
    private final List<Root> spares = new ArrayList<>();
    private final Set<String> gone = new HashSet<>();
    private long changes;
    private long kept;

    RootKeys(Optional<byte[]> encoded, SecureRandom random) {
        this.random = random;
        encoded.ifPresent(keys -> {
            try {
                decode(keys, (root, isSpare) -> (isSpare ? spares : opening).add(root));
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

    /// A spare, made now if there is none.
    Root prepare() {
        if (spares.isEmpty()) {
            spares.add(generate());
            changes++;
        }
        return spares.getFirst();
    }

    /// Puts a root in the place of the active one, which retires.
    ///
    /// @return whether it is the active one now
    boolean activate(String kid) {
        if (!active().kid().equals(kid)) {
            Optional<Root> next = named(spares, kid).or(() -> named(opening, kid));
            next.ifPresent(root -> {
                spares.remove(root);
                opening.remove(root);
                opening.addFirst(root);
                changes++;
            });
        }
        return active().kid().equals(kid);
    }

    /// Lets go of a key. If it was the active one, a spare takes its place.
    ///
    /// @return whether it was there
    boolean drop(String kid) {
        gone.add(kid);
        boolean dropped = spares.removeIf(root -> root.kid().equals(kid));
        if (active().kid().equals(kid)) {
            opening.addFirst(spares.isEmpty() ? generate() : spares.removeFirst());
        }
        dropped |= opening.removeIf(root -> root.kid().equals(kid));
        if (dropped) {
            changes++;
        }
        return dropped;
    }

    /// Whether there is a root of that name.
    boolean has(String kid) {
        return named(spares, kid).or(() -> named(opening, kid)).isPresent();
    }

    /// Whether there was one, or is.
    boolean knows(String kid) {
        return gone.contains(kid) || has(kid);
    }

    /// Takes the roots of others out of what is kept. Before the directory says more of one, nothing is under it here.
    void learn(byte[] encoded) {
        decode(encoded, (root, isSpare) -> {
            if (!knows(root.kid())) {
                spares.add(isSpare ? 0 : spares.size(), root);
            }
        });
    }

    private static Optional<Root> named(List<Root> roots, String kid) {
        return roots.stream().filter(root -> root.kid().equals(kid)).findFirst();
    }

    /// Destroys the retiring ones that nothing is under.
    void destroyUnused(Set<String> used) {
        List<String> unused = opening.stream()
                .filter(root -> !isActive(root))
                .map(Root::kid)
                .filter(kid -> !used.contains(kid))
                .toList();
        unused.forEach(this::drop);
    }

    List<PseudonymRoot> states() {
        List<PseudonymRoot> states = new ArrayList<>();
        for (Root root : opening) {
            states.add(new PseudonymRoot(root.kid(), isActive(root) ? State.ACTIVE : State.RETIRING));
        }
        spares.forEach(root -> states.add(new PseudonymRoot(root.kid(), State.PREPARED)));
        return List.copyOf(states);
    }

    /// How many changes there were.
    long changes() {
        return changes;
    }

    boolean areKept() {
        return kept == changes;
    }

    /// @param upTo so many changes
    void kept(long upTo) {
        kept = upTo;
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

    /// Each root as: 1 for a spare and 0 for others, the length of its id, its id, its key.
    byte[] encoded() {
        List<Root> all = new ArrayList<>(opening);
        all.addAll(spares);
        ByteBuffer keys = ByteBuffer.allocate(all.stream()
                .mapToInt(root -> 2 + root.kid().length() + KEY_BYTES)
                .sum());
        for (Root root : all) {
            keys.put((byte) (spares.contains(root) ? 1 : 0))
                    .put((byte) root.kid().length())
                    .put(root.kid().getBytes(StandardCharsets.US_ASCII))
                    .put(root.key().material());
        }
        return keys.array();
    }

    private interface Decoded {
        void take(Root root, boolean isSpare);
    }

    private static void decode(byte[] encoded, Decoded each) {
        ByteBuffer keys = ByteBuffer.wrap(encoded);
        while (keys.hasRemaining()) {
            boolean isSpare = keys.get() == 1;
            byte[] kid = new byte[keys.get()];
            byte[] key = new byte[KEY_BYTES];
            keys.get(kid).get(key);
            each.take(new Root(new String(kid, StandardCharsets.US_ASCII), PseudonymKey.of(key)), isSpare);
        }
    }
}
