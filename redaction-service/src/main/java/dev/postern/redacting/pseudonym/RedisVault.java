package dev.postern.redacting.pseudonym;

import dev.postern.kms.KeyManagementException;
import dev.postern.kms.envelope.BlindIndex;
import dev.postern.kms.envelope.FieldSeal;
import dev.postern.kms.envelope.KeyRing;
import dev.postern.kms.envelope.NotOpened;
import dev.postern.redacting.pseudonym.VaultScript.Step;
import dev.postern.redis.RedisLink;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Conversations in Redis, for all replicas and over restarts. Each has a random key of its own, sealed beside its
/// records under the data keys that key management wraps; Redis sees keyed hashes, ciphertext, lengths and times.
///
/// Guarantees: no value, tenant, client, name or pseudonym can be read there, and a record opens in its own place of
/// its own conversation only; equal values of a conversation get equal pseudonyms at all replicas, and no pseudonym
/// stands for two; a conversation without its key is unreadable in every copy of its records alone. While Redis or the
/// data keys are away nothing is redacted ([VaultUnavailable]). Not guaranteed: that a record which was taken away is
/// missed; that an old copy of Redis, key and all, does not open while the data key exists.
///
/// Nothing is kept in memory: each prompt reads what its conversation knows, and key management is asked for nothing.
/// Bounds are those of each tenant; in a conversation the value that was learnt first goes first.
public final class RedisVault implements PseudonymVault {
    static final String KEY = "k";
    private static final List<String> HEAD = List.of("i", "b", "u");
    private static final String STORE = "pseudonyms";
    private static final String ANOTHER = "another";
    private static final int TRIES = 10;
    private static final Logger LOG = LoggerFactory.getLogger(RedisVault.class);

    private final PseudonymVault roots;
    private final VaultScript script;
    private final FieldSeal seal;
    private final BlindIndex tenants;
    private final BlindIndex names;
    private final BlindIndex openings;
    private final VaultSettings settings;
    private final SecureRandom random;
    private final Counter damaged;

    /// @param roots names and hashes that are of no conversation
    public RedisVault(
            PseudonymVault roots,
            RedisLink redis,
            KeyRing keys,
            VaultSettings settings,
            SecureRandom random,
            MeterRegistry registry,
            Clock clock) {
        this.roots = roots;
        this.script = new VaultScript(redis, settings, registry, clock);
        this.seal = new FieldSeal(keys, random);
        this.tenants = new BlindIndex(keys, STORE, "tenant");
        this.names = new BlindIndex(keys, STORE, "conversation");
        this.openings = new BlindIndex(keys, STORE, "opening");
        this.settings = settings;
        this.random = random;
        this.damaged = Counter.builder("postern.redaction.vault.damaged")
                .description("Records and keys of the Redis vault that did not open")
                .register(registry);
    }

    @Override
    public <T, E extends Exception> T in(ConversationName name, Work<T, E> work) throws E {
        VaultPlace place = place(name);
        for (int attempt = 0; attempt < TRIES; attempt++) {
            Optional<RedisConversation> known = load(place);
            RedisConversation conversation =
                    known.orElseGet(() -> new RedisConversation(place, ConversationKey.generate(random), Map.of()));
            T result = work.on(conversation);
            if (!conversation.hasLearnt() || keep(place, conversation, known.isEmpty())) {
                return result;
            }
        }
        throw new VaultUnavailable();
    }

    @Override
    public <T, E extends Exception> T inOpenedBy(
            String tenant, String clientId, List<String> openingTexts, Work<T, E> work) throws E {
        String opening = withKeys(() -> openings.of(joined(openingTexts)));
        return in(new ConversationName(tenant, clientId, "opening-" + opening), work);
    }

    @Override
    public Map<String, Original> originals(ConversationName name) {
        return load(place(name)).map(RedisConversation::originals).orElse(Map.of());
    }

    @Override
    public boolean forget(ConversationName name) {
        return !script.run(Step.DROP, place(name), List.of("")).isEmpty();
    }

    @Override
    public Conversation passing() {
        return roots.passing();
    }

    @Override
    public String keyedName(String tenant, String clientId, String identifier) {
        return roots.keyedName(tenant, clientId, identifier);
    }

    @Override
    public String keyedHash(String tenant, String type, String value) {
        return roots.keyedHash(tenant, type, value);
    }

    /// Seals the key of each conversation under the data key that seals now. What no data key opens any more is
    /// dropped.
    ///
    /// @return how many were sealed anew
    public int reseal() {
        int resealed = 0;
        for (VaultPlace place : script.conversations()) {
            Optional<String> sealed = script.sealedKey(place);
            if (sealed.isPresent()) {
                resealed += reseal(place, sealed.get());
            }
        }
        return resealed;
    }

    private int reseal(VaultPlace place, String sealed) {
        try {
            if (seal.isCurrent(sealed)) {
                return 0;
            }
            String anew = seal.sealText(place.key(), seal.openText(place.key(), sealed));
            return script.run(Step.RESEAL, place, List.of(sealed, anew)).size();
        } catch (NotOpened e) {
            lose(place, sealed, e);
            return 0;
        }
    }

    private Optional<RedisConversation> load(VaultPlace place) {
        Map<String, String> fields = pairs(script.run(Step.OPEN, place, List.of()));
        String sealed = fields.remove(KEY);
        if (sealed == null) {
            return Optional.empty();
        }
        HEAD.forEach(fields::remove);
        Optional<ConversationKey> key = withKeys(() -> opened(place, sealed));
        return key.map(opened -> {
            RedisConversation conversation = new RedisConversation(place, opened, fields);
            if (conversation.damaged() > 0) {
                damaged.increment(conversation.damaged());
                LOG.warn("{} records of a conversation do not open and stand for nothing", conversation.damaged());
            }
            return conversation;
        });
    }

    private Optional<ConversationKey> opened(VaultPlace place, String sealed) {
        try {
            return Optional.of(ConversationKey.of(seal.openText(place.key(), sealed)));
        } catch (NotOpened e) {
            lose(place, sealed, e);
            return Optional.empty();
        }
    }

    /// Nobody can read it any more: it begins anew.
    private void lose(VaultPlace place, String sealed, NotOpened reason) {
        damaged.increment();
        LOG.warn("the key of a conversation does not open, which begins anew: {}", reason.reason());
        var _ = script.run(Step.DROP, place, List.of(sealed));
    }

    /// Whether what was learnt is kept, and goes together with what others had it learn meanwhile.
    private boolean keep(VaultPlace place, RedisConversation conversation, boolean isNew) {
        ConversationKey key = conversation.key();
        List<String> arguments = new ArrayList<>();
        arguments.add(key.id());
        arguments.add(isNew ? withKeys(() -> seal.sealText(place.key(), key.encoded())) : "");
        arguments.add(Integer.toString(settings.valuesPerConversation()));
        arguments.add(Integer.toString(settings.conversations()));
        arguments.add(Integer.toString(settings.values()));
        arguments.addAll(conversation.learnt(random));
        List<String> answer = script.run(Step.KEEP, place, arguments);
        if (answer.getFirst().equals(ANOTHER)) {
            return false;
        }
        return pairs(answer.subList(1, answer.size())).entrySet().stream()
                .allMatch(there -> conversation.agrees(there.getKey(), there.getValue()));
    }

    private VaultPlace place(ConversationName name) {
        return withKeys(() -> new VaultPlace(
                tenants.of(name.tenant()), names.of(joined(List.of(name.tenant(), name.clientId(), name.name())))));
    }

    private static <T> T withKeys(Supplier<T> work) {
        try {
            return work.get();
        } catch (KeyManagementException e) {
            LOG.warn("the data keys of the vault of pseudonyms are not available: {}", e.reason());
            throw new VaultUnavailable();
        }
    }

    private static Map<String, String> pairs(List<String> flat) {
        Map<String, String> pairs = new HashMap<>();
        for (int i = 0; i + 1 < flat.size(); i += 2) {
            pairs.put(flat.get(i), flat.get(i + 1));
        }
        return pairs;
    }

    /// Each part behind its length: ("a", "bc") is not ("ab", "c").
    private static String joined(List<String> parts) {
        StringBuilder joined = new StringBuilder();
        parts.forEach(part -> joined.append(part.length()).append(':').append(part));
        return joined.toString();
    }
}
