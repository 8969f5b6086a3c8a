package dev.postern.redacting.pseudonym;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// The pseudonyms of one conversation: equal values of a type get equal pseudonyms, and nobody without the
/// conversation's key can link them to those of another. Safe for use by many threads; its lock is held for one
/// look-up at a time and no other lock is taken under it.
///
/// Bounded: the longest unused value is forgotten first. What an open exchange needs it holds itself.
public final class Conversation {
    private final PseudonymKey key;
    private final int capacity;
    private final Map<Original, String> pseudonyms = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, Original> originals = new LinkedHashMap<>();

    Conversation(PseudonymKey key, int capacity) {
        this.key = key;
        this.capacity = capacity;
    }

    /// The pseudonym of a value.
    ///
    /// @param reserved pseudonyms that must not be given out, because their text already stands in the prompt
    public synchronized String pseudonym(Original original, Predicate<String> reserved) {
        String known = pseudonyms.get(original);
        if (known != null) {
            return known;
        }
        for (int attempt = 0; ; attempt++) {
            byte[] mac = key.fingerprint("value", original.type(), original.value(), Integer.toString(attempt));
            String candidate =
                    PseudonymCode.write(original.type(), ByteBuffer.wrap(mac).getInt());
            if (!originals.containsKey(candidate) && !reserved.test(candidate)) {
                remember(original, candidate);
                return candidate;
            }
        }
    }

    public synchronized Optional<Original> original(String pseudonym) {
        return Optional.ofNullable(originals.get(pseudonym));
    }

    /// Every value still known.
    public synchronized Map<String, Original> originals() {
        return Map.copyOf(originals);
    }

    synchronized int size() {
        return originals.size();
    }

    private void remember(Original original, String pseudonym) {
        pseudonyms.put(original, pseudonym);
        originals.put(pseudonym, original);
        if (pseudonyms.size() > capacity) {
            var eldest = pseudonyms.entrySet().iterator();
            originals.remove(eldest.next().getValue());
            eldest.remove();
        }
    }
}
