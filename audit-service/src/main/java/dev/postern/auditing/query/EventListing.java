package dev.postern.auditing.query;

import dev.postern.audit.EventType;
import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.auditing.epoch.SealedLeaves;
import dev.postern.auditing.index.IndexPage;
import dev.postern.auditing.index.IndexQuery;
import dev.postern.auditing.sequence.EntryReader;
import dev.postern.auditing.sequence.Sequencer;
import dev.postern.auditing.shard.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads events from the log, newest first.
public final class EventListing {

    private final Sequencer sequencer;
    private final SealedLeaves leaves;

    public EventListing(Sequencer sequencer, SealedLeaves leaves) {
        this.sequencer = sequencer;
        this.leaves = leaves;
    }

    /// An event and its place.
    ///
    /// @param event without a captured body, which two persons give out; it is in the leaf for whoever checks
    public record Listed(Position place, EventEnvelope event) {
        public Listed {
            event = withoutBody(event);
        }

        private static EventEnvelope withoutBody(EventEnvelope event) {
            if (!event.type().equals(EventType.BODY_CAPTURED.wireName())) {
                return event;
            }
            Map<String, Object> data = new HashMap<>(event.data());
            data.remove("sealed");
            return new EventEnvelope(
                    event.source(), event.spool(), event.id(), event.sequence(), event.type(), event.time(), data);
        }
    }

    /// Events, newest first, and where to go on.
    public record Page(List<Listed> events, Optional<Position> next) {}

    /// The events that a question is answered with.
    ///
    /// @throws IOException when they cannot be read right now
    public Page search(IndexQuery query) throws IOException {
        EntryReader entries = new EntryReader(sequencer);
        List<Listed> listed = new ArrayList<>();
        IndexPage page = sequencer.index().search(query);
        for (Position place : page.places()) {
            if (!sequencer.isThere(place.shard())) {
                // Deleted since; the index is behind for a moment.
                continue;
            }
            leaves.event(entries.entry(place)).ifPresent(event -> listed.add(new Listed(place, event)));
        }
        return new Page(listed, page.next());
    }

    /// The event at a place, unless it was shredded.
    Optional<Listed> one(Position place) throws IOException {
        return leaves.event(new EntryReader(sequencer).entry(place)).map(event -> new Listed(place, event));
    }
}
