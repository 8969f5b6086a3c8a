package dev.postern.auditing.query;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.postern.audit.EventQuery;
import dev.postern.audit.EventType;
import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.audit.leaf.LeafKey;
import dev.postern.auditing.epoch.SealedLeaves;
import dev.postern.auditing.index.IndexQuery;
import dev.postern.auditing.sequence.Sequencer;
import dev.postern.auditing.shard.Position;
import dev.postern.auditing.shard.PublishedShard;
import dev.postern.auditing.shard.ShardName;
import dev.postern.auditing.witness.Cosignatures;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.tlog.tree.Hash;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// `GET /v1/events` and `GET /v1/proofs`.
@RestController
final class QueryController {

    private static final int MAX_LIMIT = 1000;
    private static final long PUBLICATION_SECONDS = 5;
    private static final Pattern CURSOR = Pattern.compile("([0-9]{4}w[0-5][0-9]):([0-9]{1,15})");

    private final Sequencer sequencer;
    private final EventListing listing;
    private final SealedLeaves leaves;
    private final ReadAccess access;
    private final Cosignatures cosignatures;

    QueryController(
            Sequencer sequencer,
            EventListing listing,
            SealedLeaves leaves,
            ReadAccess access,
            Cosignatures cosignatures) {
        this.sequencer = sequencer;
        this.listing = listing;
        this.leaves = leaves;
        this.access = access;
        this.cosignatures = cosignatures;
    }

    /// Newest first.
    ///
    /// @param next  pass as `after` for older ones; absent when there are none
    record Events(List<Event> events, @Nullable String next) {}

    /// One event and its place.
    record Event(
            String source,
            String spool,
            String id,
            long sequence,
            String type,
            String time,
            Map<String, ?> data,
            String shard,
            long index) {
        static Event of(EventListing.Listed listed) {
            EventEnvelope event = listed.event();
            return new Event(
                    event.source(),
                    event.spool(),
                    event.id(),
                    event.sequence(),
                    event.type(),
                    EventEnvelope.timestamp(event.time()),
                    listed(event),
                    listed.place().shard().value(),
                    listed.place().index());
        }

        /// A page holds no sealed bodies: they are given out by two persons, and are in the leaf for whoever checks.
        private static Map<String, ?> listed(EventEnvelope event) {
            if (!event.type().equals(EventType.BODY_CAPTURED.wireName())) {
                return event.data();
            }
            Map<String, Object> data = new HashMap<>(event.data());
            data.remove("sealed");
            return data;
        }
    }

    /// Shows that a leaf is in the tree of a checkpoint (RFC 9162, section 2.1.3).
    ///
    /// @param leaf        base64 of the leaf
    /// @param leafKey     opens this leaf and no other, for whoever is to see what it holds; absent
    ///     for a leaf in the clear, and once its epoch was shredded
    /// @param checkpoint  the signed note, with the witnesses' cosignatures of it
    /// @param proof       base64 of the sibling hashes, bottom first
    record Proof(
            String shard,
            String origin,
            long index,
            String leaf,
            @JsonProperty("leaf_key") @Nullable String leafKey,
            String checkpoint,
            List<String> proof) {}

    @GetMapping("/v1/events")
    Events events(
            HttpServletRequest request,
            @RequestParam Optional<String> type,
            @RequestParam(defaultValue = "100") int limit,
            @RequestParam Optional<String> after)
            throws IOException {
        access.require(request);
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new ProblemException(Problem.MALFORMED);
        }
        Set<EventQuery.Term> terms = type.map(QueryController::type).stream()
                .map(wanted -> new EventQuery.Term(EventQuery.TYPE, wanted.wireName()))
                .collect(Collectors.toSet());
        EventListing.Page page = listing.search(
                new IndexQuery(terms, Optional.empty(), Optional.empty(), after.map(QueryController::cursor), limit));
        return new Events(
                page.events().stream().map(Event::of).toList(),
                page.next().map(QueryController::cursor).orElse(null));
    }

    private static EventType type(String name) {
        return EventType.ofWireName(name).orElseThrow(() -> new ProblemException(Problem.MALFORMED));
    }

    private static String cursor(Position place) {
        return place.shard() + ":" + place.index();
    }

    private static Position cursor(String text) {
        Matcher matcher = CURSOR.matcher(text);
        if (!matcher.matches()) {
            throw new ProblemException(Problem.MALFORMED);
        }
        return new Position(new ShardName(matcher.group(1)), Long.parseLong(matcher.group(2)));
    }

    @GetMapping("/v1/proofs")
    Proof proof(HttpServletRequest request, @RequestParam String source, @RequestParam String id) throws IOException {
        access.require(request);
        Position place =
                published(sequencer.find(source, id).orElseThrow(() -> new ProblemException(Problem.NOT_FOUND)));
        PublishedShard shard = sequencer.shard(place.shard());
        PublishedShard.Signed signed = shard.checkpoint();
        long size = signed.checkpoint().size();
        Base64.Encoder base64 = Base64.getEncoder();
        byte[] leaf = shard.entry(place.index(), size);
        return new Proof(
                shard.name().value(),
                shard.origin(),
                place.index(),
                base64.encodeToString(leaf),
                leaves.key(leaf).map(LeafKey::disclosed).orElse(null),
                cosignatures.onto(shard.origin(), signed.note()),
                shard.inclusion(place.index(), size).stream().map(Hash::base64).toList());
    }

    /// An event that is on disk but not yet under a checkpoint will be in a moment.
    private static Position published(CompletableFuture<Position> place) {
        try {
            return place.get(PUBLICATION_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException _) {
            throw new ProblemException(Problem.UNAVAILABLE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new ProblemException(Problem.UNAVAILABLE);
        }
    }
}
