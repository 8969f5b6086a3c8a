package dev.postern.auditing.query;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.postern.audit.EventQuery;
import dev.postern.audit.EventQuery.Term;
import dev.postern.audit.EventType;
import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.auditing.index.EventIndex;
import dev.postern.auditing.index.IndexQuery;
import dev.postern.auditing.index.Tally;
import dev.postern.auditing.sequence.Sequencer;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// From one event to the credential it names, the key that signed that, everything else the key signed, and so to what
/// must be taken back if the key, or who held the credential, is not to be trusted: the blast radius.
///
/// Guarantee: of what the log holds and its keys still open, nothing that the key signed is left out, unless
/// [Investigation#truncated] says so. Not guaranteed: anything of shredded days.
final class Investigations {
    private static final int MOST_KEYS = 4;
    private static final int MOST_TOKENS = 1_000;
    /// Of a credential's exchanges, looked through for the event that issued it.
    private static final int MOST_PAGES = 16;
    /// What is done with tokens, and names the key that signed them.
    private static final List<EventType> SIGNED = List.of(
            EventType.TOKEN_ISSUED, EventType.SESSION_OPENED, EventType.REQUEST_SERVED, EventType.REQUEST_REJECTED);

    private final EventIndex index;
    private final EventListing listing;

    Investigations(Sequencer sequencer, EventListing listing) {
        this.index = sequencer.index();
        this.listing = listing;
    }

    /// What is known of one event.
    ///
    /// @param credentials ids of the tokens it names
    /// @param keys that signed them
    /// @param signed what else was done under these keys, a row for each kind
    /// @param revoke what to take back
    /// @param truncated whether there are more than 1,000 tokens of a key: then these are the newest. Or
    ///     the event that issued a credential is not among the newest 16,000 that name it
    record Investigation(
            QueryController.Event event,
            NavigableSet<String> credentials,
            NavigableSet<String> keys,
            List<Row> signed,
            Revoke revoke,
            boolean truncated) {}

    /// Events of one type under one key.
    record Row(
            String key,
            String type,
            long count,
            @Nullable String first,
            @Nullable String last) {}

    /// By kind: the ids that a revocation names.
    record Revoke(
            NavigableSet<String> keys,
            @JsonProperty("tokens") NavigableSet<String> tokens,
            NavigableSet<String> sessions,
            NavigableSet<String> clients) {}

    Investigation of(EventListing.Listed listed) throws IOException {
        Set<Term> named = EventQuery.terms(listed.event());
        NavigableSet<String> credentials = values(named, EventQuery.CREDENTIAL);
        NavigableSet<String> keys = values(named, EventQuery.KEY);
        boolean truncated = false;
        for (String credential : credentials) {
            truncated |= issued(credential, keys);
        }
        List<Row> signed = new ArrayList<>();
        Revoke revoke = new Revoke(new TreeSet<>(), new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
        truncated |= keys.size() > MOST_KEYS;
        for (String key : keys.stream().limit(MOST_KEYS).toList()) {
            signed.addAll(rows(key));
            truncated |= gather(key, revoke);
        }
        revoke.tokens().addAll(credentials);
        return new Investigation(QueryController.Event.of(listed, null), credentials, keys, signed, revoke, truncated);
    }

    private static NavigableSet<String> values(Set<Term> terms, EventQuery query) {
        NavigableSet<String> values = new TreeSet<>();
        terms.stream().filter(term -> term.query() == query).map(Term::value).forEach(values::add);
        return values;
    }

    /// Adds the keys of the event that issued a credential. Those that name it as the subject of an exchange are newer,
    /// and may be many.
    ///
    /// @return whether it may be among those that were not looked at
    private boolean issued(String credential, Set<String> keys) throws IOException {
        IndexQuery query = IndexQuery.of(Set.of(issued(), new Term(EventQuery.CREDENTIAL, credential)), MOST_TOKENS);
        Optional<IndexQuery> next = Optional.of(query);
        for (int i = 0; i < MOST_PAGES && next.isPresent(); i++) {
            EventListing.Page page = listing.search(next.get());
            for (EventListing.Listed listed : page.events()) {
                if (credential.equals(listed.event().data().get("token_id"))) {
                    keys.addAll(values(EventQuery.terms(listed.event()), EventQuery.KEY));
                    return false;
                }
            }
            next = page.next().map(query::before);
        }
        return next.isPresent();
    }

    private static Term issued() {
        return new Term(EventQuery.TYPE, EventType.TOKEN_ISSUED.wireName());
    }

    private List<Row> rows(String key) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (EventType type : SIGNED) {
            Tally tally =
                    index.tally(Set.of(new Term(EventQuery.KEY, key), new Term(EventQuery.TYPE, type.wireName())));
            if (tally.count() > 0) {
                rows.add(new Row(key, type.wireName(), tally.count(), text(tally.first()), text(tally.last())));
            }
        }
        return rows;
    }

    private static @Nullable String text(Optional<Instant> time) {
        return time.map(EventEnvelope::timestamp).orElse(null);
    }

    /// @return whether there is more
    private boolean gather(String key, Revoke revoke) throws IOException {
        IndexQuery query = IndexQuery.of(Set.of(issued(), new Term(EventQuery.KEY, key)), MOST_TOKENS);
        Set<String> found = new LinkedHashSet<>();
        Optional<IndexQuery> next = Optional.of(query);
        while (next.isPresent() && found.size() < MOST_TOKENS) {
            EventListing.Page page = listing.search(next.get());
            for (EventListing.Listed listed : page.events()) {
                revoke.keys().add(key);
                found.add(String.valueOf(listed.event().data().get("token_id")));
                revoke.clients().addAll(values(EventQuery.terms(listed.event()), EventQuery.CLIENT));
                revoke.sessions().addAll(values(EventQuery.terms(listed.event()), EventQuery.SESSION));
            }
            next = page.next().map(query::before);
        }
        revoke.tokens().addAll(found);
        return next.isPresent();
    }
}
