package dev.postern.redacting.pseudonym;

import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// The conversations in memory, each under its own key derived from the service key. Nothing is written anywhere: a
/// restart or a new service key forgets all. Safe for use by many threads.
///
/// Bounded in conversations and in the values of all together: the longest unused conversations go first. What an
/// exchange adds after it was opened is counted when the next one opens, or at the next sweep.
///
/// Index and key differ in purpose, so that the index of a conversation says nothing about its pseudonyms.
public final class ConversationVault {
    private final PseudonymKey serviceKey;
    private final VaultSettings settings;
    private final Clock clock;
    private final Map<String, Entry> conversations = new LinkedHashMap<>(16, 0.75f, true);
    private final AtomicInteger values = new AtomicInteger();

    private static final class Entry {
        private final Conversation conversation;
        private Instant used;

        private Entry(Conversation conversation, Instant used) {
            this.conversation = conversation;
            this.used = used;
        }
    }

    public ConversationVault(PseudonymKey serviceKey, VaultSettings settings, Clock clock) {
        this.serviceKey = serviceKey;
        this.settings = settings;
        this.clock = clock;
    }

    /// The conversation of that name, new when it is unknown or was forgotten.
    public synchronized Conversation open(ConversationName name) {
        forgetIdle();
        Entry entry = conversations.computeIfAbsent(index(name), _ -> new Entry(conversation(name), clock.instant()));
        entry.used = clock.instant();
        forgetTooMany();
        return entry.conversation;
    }

    /// The conversation of that name, if it is still known.
    public synchronized Optional<Conversation> find(ConversationName name) {
        forgetIdle();
        return Optional.ofNullable(conversations.get(index(name))).map(entry -> {
            entry.used = clock.instant();
            return entry.conversation;
        });
    }

    /// A one-way name for a caller's own identifier, stable for this caller as long as the service key lives.
    public String keyedName(String tenant, String clientId, String identifier) {
        byte[] mac = serviceKey.fingerprint("identifier", tenant, clientId, identifier);
        return "id-"
                + Base64.getUrlEncoder().withoutPadding().encodeToString(mac).substring(0, 22);
    }

    /// Names the conversation that opens with these texts, for callers that name none.
    public String openingName(List<String> openingTexts) {
        byte[] mac = serviceKey.fingerprint("opening", openingTexts.toArray(String[]::new));
        return "opening-" + Base64.getUrlEncoder().withoutPadding().encodeToString(mac);
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

    private Conversation conversation(ConversationName name) {
        return new Conversation(
                serviceKey.derive("conversation", name.tenant(), name.clientId(), name.name()),
                settings.valuesPerConversation(),
                values);
    }

    private String index(ConversationName name) {
        byte[] mac = serviceKey.fingerprint("index", name.tenant(), name.clientId(), name.name());
        return Base64.getEncoder().encodeToString(mac);
    }
}
