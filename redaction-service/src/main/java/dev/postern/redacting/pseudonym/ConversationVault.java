package dev.postern.redacting.pseudonym;

import dev.postern.redacting.pseudonym.RootKeys.Root;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The conversations in memory, each under its own key derived from a root key. What stands for what is
/// written nowhere, a restart forgets it, and no other replica knows it ([RedisVault] is for those); the root keys
/// alone may be kept, sealed, and are then the same at every replica. Safe for use by many threads.
///
/// Roots: new conversations are under the active one; when it is succeeded, its conversations go on under it until they
/// are forgotten, and then it is destroyed. A compromised root ends at once, and its conversations with it: their
/// values are gone, a prompt that was being redacted under it fails, and the same conversation begins anew under the
/// next root. Not guaranteed: that an answer under way stops; it is restored with a table of its own.
///
/// Roots are kept outside the lock that conversations need: no prompt waits while key management is slow. Locks:
/// `keeping` is taken before the vault's own, never the other way round.
///
/// Bounded in conversations and in the values of all together: the longest unused conversations go first. What an
/// exchange adds after it was opened is counted when the next one opens, or at the next sweep.
///
/// Index and key differ in purpose, so that the index of a conversation says nothing about its pseudonyms.
public final class ConversationVault implements PseudonymVault {
    private static final int HASH_BYTES = 8;

    private final VaultSettings settings;
    private final Clock clock;
    private final RootStore store;
    private final RootKeys roots;
    /// One write at a time.
    private final Object keeping = new Object();

    private final SecureRandom random;
    private final Map<String, Entry> conversations = new LinkedHashMap<>(16, 0.75f, true);
    private final AtomicInteger values = new AtomicInteger();
    /// What the directory names and nobody keeps: asked for once, so that the directory's poll is no poll of the store.
    private final Set<String> unheardOf = new HashSet<>();
    /// How many conversations each compromised root took with it, until that is told.
    private final Map<String, Integer> ended = new HashMap<>();

    private static final class Entry {
        private final String root;
        private final MemoryConversation conversation;
        private final Instant born;
        private Instant used;

        private Entry(String root, MemoryConversation conversation, Instant born) {
            this.root = root;
            this.conversation = conversation;
            this.born = born;
            this.used = born;
        }
    }

    public ConversationVault(VaultSettings settings, RootStore store, SecureRandom random, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.store = store;
        this.random = random;
        this.roots = new RootKeys(store.read(), random);
        keepRoots();
    }

    @Override
    public <T, E extends Exception> T in(ConversationName name, Work<T, E> work) throws E {
        return work.on(open(name));
    }

    @Override
    public <T, E extends Exception> T inOpenedBy(
            String tenant, String clientId, List<String> openingTexts, Work<T, E> work) throws E {
        return work.on(openBy(tenant, clientId, openingTexts));
    }

    @Override
    public Map<String, Original> originals(ConversationName name) {
        return find(name).map(MemoryConversation::originals).orElse(Map.of());
    }

    @Override
    public synchronized boolean forget(ConversationName name) {
        Optional<MemoryConversation> found = find(name);
        found.ifPresent(conversation -> {
            conversation.end();
            conversations.values().removeIf(entry -> entry.conversation == conversation);
        });
        return found.isPresent();
    }

    /// The conversation of that name, new when it is unknown or was forgotten.
    synchronized MemoryConversation open(ConversationName name) {
        return open(_ -> name);
    }

    /// The conversation that opens with these texts, for callers that name none; new when it is unknown.
    synchronized MemoryConversation openBy(String tenant, String clientId, List<String> openingTexts) {
        return open(root -> new ConversationName(
                tenant, clientId, "opening-" + base64(root.key().fingerprint("opening", array(openingTexts)))));
    }

    /// The conversation of that name, if it is still known.
    synchronized Optional<MemoryConversation> find(ConversationName name) {
        forgetIdle();
        return known(_ -> name);
    }

    @Override
    public synchronized String keyedName(String tenant, String clientId, String identifier) {
        byte[] mac = roots.active().key().fingerprint("identifier", tenant, clientId, identifier);
        return "id-" + base64(mac).substring(0, 22);
    }

    @Override
    public synchronized String keyedHash(String tenant, String type, String value) {
        byte[] mac = roots.active().key().fingerprint("hash", tenant, type, value);
        return HexFormat.of().formatHex(mac, 0, HASH_BYTES);
    }

    @Override
    public Conversation passing() {
        return new MemoryConversation(
                PseudonymKey.generate(random), settings.valuesPerConversation(), new AtomicInteger());
    }

    /// The spare root, made now if there is none, and kept.
    public String prepareRoot() {
        String kid;
        synchronized (this) {
            kid = roots.prepare().kid();
        }
        keepRoots();
        return kid;
    }

    /// Puts the spare in the place of the active root.
    ///
    /// @return whether that root is active now
    public boolean activateRoot(String kid) {
        boolean active;
        synchronized (this) {
            active = roots.activate(kid);
        }
        keepRoots();
        return active;
    }

    /// Ends a root that is past its time, and everything under it; the spare takes the place of the active
    /// one.
    ///
    /// @return how many conversations ended; nothing if there is no such root
    public Optional<Integer> endRoot(String kid) {
        Optional<Integer> ended = end(kid);
        keepRoots();
        return ended;
    }

    /// As [#endRoot], for a root that somebody else may hold. When it could not be kept, this fails and can be called
    /// again.
    public void endCompromised(String kid) {
        synchronized (this) {
            end(kid).ifPresent(count -> ended.put(kid, count));
        }
        keepRoots();
    }

    /// How many conversations a compromised root took with it; tells it once.
    ///
    /// @return nothing while the roots are kept otherwise than they are here: the root may be among them yet
    public synchronized OptionalInt endedWith(String kid) {
        if (!roots.areKept()) {
            return OptionalInt.empty();
        }
        Integer count = ended.remove(kid);
        return OptionalInt.of(count == null ? 0 : count);
    }

    private synchronized Optional<Integer> end(String kid) {
        if (!roots.drop(kid)) {
            return Optional.empty();
        }
        int ended = 0;
        Iterator<Entry> all = conversations.values().iterator();
        while (all.hasNext()) {
            Entry entry = all.next();
            if (entry.root.equals(kid)) {
                entry.conversation.end();
                all.remove();
                ended++;
            }
        }
        return Optional.of(ended);
    }

    /// The active root first.
    public synchronized List<PseudonymRoot> roots() {
        return roots.states();
    }

    /// Forgets what has not been used for the idle time.
    public synchronized void forgetIdle() {
        Instant limit = clock.instant().minus(settings.idle());
        Iterator<Entry> eldestFirst = conversations.values().iterator();
        while (eldestFirst.hasNext()) {
            Entry eldest = eldestFirst.next();
            if (!eldest.used.isBefore(limit)) {
                break;
            }
            eldest.conversation.forgotten();
            eldestFirst.remove();
        }
        forgetTooMany();
    }

    /// For now and then, not for each request: forgets what is idle, destroys the retiring roots that nothing is under,
    /// and keeps what could not be kept before.
    public void sweep() {
        synchronized (this) {
            forgetIdle();
            conversations.values().removeIf(entry -> {
                if (isOver(entry)) {
                    entry.conversation.forgotten();
                    return true;
                }
                return false;
            });
            if (roots.opening().size() > 1) {
                roots.destroyUnused(
                        conversations.values().stream().map(entry -> entry.root).collect(Collectors.toSet()));
            }
        }
        keepRoots();
    }

    /// Puts the kept roots under the newest version of what wraps them; first what could not be kept before, so that
    /// nothing older takes its place.
    ///
    /// @return how many values were moved
    public int renewRoots() {
        synchronized (keeping) {
            keepRoots();
            return store.renew();
        }
    }

    private void keepRoots() {
        synchronized (keeping) {
            synchronized (this) {
                if (roots.areKept()) {
                    return;
                }
            }
            AtomicLong changes = new AtomicLong();
            store.update(present -> {
                synchronized (this) {
                    present.ifPresent(roots::learn);
                    changes.set(roots.changes());
                    return roots.encoded();
                }
            });
            synchronized (this) {
                roots.kept(changes.get());
            }
        }
    }

    /// Whether there is a root of that name, which another replica may have made: what is kept is read for one that was
    /// never heard of.
    public boolean hasRoot(String kid) {
        synchronized (this) {
            if (roots.knows(kid) || !unheardOf.add(kid)) {
                return roots.has(kid);
            }
        }
        try {
            synchronized (keeping) {
                store.read().ifPresent(keys -> {
                    synchronized (this) {
                        roots.learn(keys);
                    }
                    Arrays.fill(keys, (byte) 0);
                });
            }
        } catch (RuntimeException e) {
            synchronized (this) {
                unheardOf.remove(kid);
            }
            throw e;
        }
        synchronized (this) {
            return roots.has(kid);
        }
    }

    private void forgetTooMany() {
        Iterator<Entry> eldestFirst = conversations.values().iterator();
        while (conversations.size() > settings.conversations()
                || (values.get() > settings.values() && conversations.size() > 1)) {
            eldestFirst.next().conversation.forgotten();
            eldestFirst.remove();
        }
    }

    /// What all conversations remember, as [VaultSettings#values] counts it.
    public int values() {
        return values.get();
    }

    public synchronized int size() {
        return conversations.size();
    }

    private MemoryConversation open(Function<Root, ConversationName> naming) {
        forgetIdle();
        return known(naming).orElseGet(() -> {
            Root root = roots.active();
            ConversationName name = naming.apply(root);
            PseudonymKey key = root.key().derive("conversation", name.tenant(), name.clientId(), name.name());
            MemoryConversation conversation = new MemoryConversation(key, settings.valuesPerConversation(), values);
            conversations.put(index(root, name), new Entry(root.kid(), conversation, clock.instant()));
            forgetTooMany();
            return conversation;
        });
    }

    /// Under whichever root it began.
    private Optional<MemoryConversation> known(Function<Root, ConversationName> naming) {
        for (Root root : roots.opening()) {
            String index = index(root, naming.apply(root));
            Entry entry = conversations.get(index);
            if (entry != null && isOver(entry)) {
                entry.conversation.forgotten();
                conversations.remove(index);
            } else if (entry != null) {
                entry.used = clock.instant();
                return Optional.of(entry.conversation);
            }
        }
        return Optional.empty();
    }

    private boolean isOver(Entry entry) {
        return entry.born.plus(settings.lifetime()).isBefore(clock.instant());
    }

    private static String index(Root root, ConversationName name) {
        return base64(root.key().fingerprint("index", name.tenant(), name.clientId(), name.name()));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String[] array(List<String> texts) {
        return texts.toArray(String[]::new);
    }
}
