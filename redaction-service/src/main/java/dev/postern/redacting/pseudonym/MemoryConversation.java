package dev.postern.redacting.pseudonym;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/// A conversation of this process. Safe for use by many threads; its lock is held for one look-up at a time and no
/// other lock is taken under it.
///
/// Bounded: the longest unused value is forgotten first. What an open exchange needs it holds itself.
final class MemoryConversation implements Conversation {
    private final PseudonymKey key;
    private final int capacity;
    private final AtomicInteger total;
    private final Map<Original, String> pseudonyms = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, Original> originals = new LinkedHashMap<>();

    private int weight;
    private boolean forgotten;
    private boolean ended;

    /// @param total the weight of all conversations of the vault, which this one keeps up to date
    MemoryConversation(PseudonymKey key, int capacity, AtomicInteger total) {
        this.key = key;
        this.capacity = capacity;
        this.total = total;
    }

    @Override
    public synchronized String pseudonym(Original original, Predicate<String> reserved) {
        if (ended) {
            throw new ConversationEnded();
        }
        String known = pseudonyms.get(original);
        if (known != null) {
            return known;
        }
        for (int attempt = 0; ; attempt++) {
            String candidate = key.candidate(original, attempt);
            if (!originals.containsKey(candidate) && !reserved.test(candidate)) {
                remember(original, candidate);
                return candidate;
            }
        }
    }

    @Override
    public synchronized Optional<Original> original(String pseudonym) {
        return Optional.ofNullable(originals.get(pseudonym));
    }

    @Override
    public synchronized Map<String, Original> originals() {
        return Map.copyOf(originals);
    }

    synchronized int size() {
        return originals.size();
    }

    private void remember(Original original, String pseudonym) {
        pseudonyms.put(original, pseudonym);
        originals.put(pseudonym, original);
        weigh(original.weight());
        while (weight > capacity && pseudonyms.size() > 1) {
            var eldest = pseudonyms.entrySet().iterator();
            Map.Entry<Original, String> entry = eldest.next();
            weigh(-entry.getKey().weight());
            originals.remove(entry.getValue());
            eldest.remove();
        }
    }

    /// The vault has let go of it: an exchange may still use it, but it counts no more.
    synchronized void forgotten() {
        total.addAndGet(-weight);
        forgotten = true;
    }

    /// Its key was compromised: it forgets every value and makes no pseudonym any more.
    synchronized void end() {
        forgotten();
        ended = true;
        pseudonyms.clear();
        originals.clear();
    }

    private void weigh(int change) {
        weight += change;
        if (!forgotten) {
            total.addAndGet(change);
        }
    }
}
