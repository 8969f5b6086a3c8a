package dev.postern.redacting.pseudonym;

import dev.postern.kms.envelope.NotOpened;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// What one prompt knows of a conversation that lies in Redis, and what it adds. One thread.
///
/// A record is the pseudonym, a line feed and the value, sealed to its place. A damaged one stands for nothing, and its
/// pseudonym is not given out again.
final class RedisConversation implements Conversation {
    private final VaultPlace place;
    private final ConversationKey key;
    private final Map<String, Original> originals = new HashMap<>();
    private final Map<Original, String> pseudonyms = new HashMap<>();
    private final Set<String> damaged = new HashSet<>();
    private final List<String> added = new ArrayList<>();

    /// @param records by their fields
    RedisConversation(VaultPlace place, ConversationKey key, Map<String, String> records) {
        this.place = place;
        this.key = key;
        records.forEach((field, kept) -> opened(field, kept).ifPresentOrElse(this::remember, () -> damaged.add(field)));
    }

    private record Entry(String pseudonym, Original original) {
        @Override
        public String toString() {
            return "Entry[" + original + "]";
        }
    }

    @Override
    public String pseudonym(Original original, Predicate<String> reserved) {
        String known = pseudonyms.get(original);
        if (known != null) {
            return known;
        }
        for (int attempt = 0; ; attempt++) {
            String candidate = key.candidate(original, attempt);
            if (!originals.containsKey(candidate)
                    && !reserved.test(candidate)
                    && (damaged.isEmpty() || !damaged.contains(key.field(candidate)))) {
                remember(new Entry(candidate, original));
                added.add(candidate);
                return candidate;
            }
        }
    }

    @Override
    public Optional<Original> original(String pseudonym) {
        return Optional.ofNullable(originals.get(pseudonym));
    }

    @Override
    public Map<String, Original> originals() {
        return Collections.unmodifiableMap(originals);
    }

    ConversationKey key() {
        return key;
    }

    int damaged() {
        return damaged.size();
    }

    boolean hasLearnt() {
        return !added.isEmpty();
    }

    /// What was added: field, weight and record of each.
    List<String> learnt(SecureRandom random) {
        List<String> learnt = new ArrayList<>(3 * added.size());
        for (String pseudonym : added) {
            Original original = original(pseudonym).orElseThrow();
            String field = key.field(pseudonym);
            byte[] plaintext = bytes(pseudonym + '\n' + original.value());
            learnt.add(field);
            learnt.add(Integer.toString(original.weight()));
            learnt.add(key.records().seal(place.record(field), plaintext, random));
            Arrays.fill(plaintext, (byte) 0);
        }
        return learnt;
    }

    /// Whether a record says what is known here too.
    boolean agrees(String field, String sealed) {
        return opened(field, sealed)
                .filter(entry -> entry.original().equals(originals.get(entry.pseudonym())))
                .isPresent();
    }

    /// Two replicas may have named a value at once, one of them by a second attempt: both stand for it, and all
    /// replicas go on with the same.
    private void remember(Entry entry) {
        originals.put(entry.pseudonym(), entry.original());
        pseudonyms.merge(entry.original(), entry.pseudonym(), (one, other) -> one.compareTo(other) < 0 ? one : other);
    }

    private Optional<Entry> opened(String field, String sealed) {
        try {
            byte[] plaintext = key.records().open(place.record(field), sealed);
            String text = ByteBuffer.wrap(plaintext).asCharBuffer().toString();
            Arrays.fill(plaintext, (byte) 0);
            int end = text.indexOf('\n');
            String pseudonym = text.substring(0, end);
            String type = pseudonym.substring(0, pseudonym.lastIndexOf('_'));
            return Optional.of(new Entry(pseudonym, new Original(type, text.substring(end + 1))));
        } catch (NotOpened _) {
            return Optional.empty();
        }
    }

    /// UTF-16, since a value may be text that UTF-8 cannot say: half of a surrogate pair.
    private static byte[] bytes(String text) {
        ByteBuffer bytes = ByteBuffer.allocate(text.length() * Character.BYTES);
        bytes.asCharBuffer().put(text);
        return bytes.array();
    }
}
