package dev.postern.auditing.query;

import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.auditing.epoch.SealedLeaves;
import dev.postern.auditing.index.IndexPage;
import dev.postern.auditing.index.IndexQuery;
import dev.postern.auditing.sequence.Sequencer;
import dev.postern.auditing.shard.Position;
import dev.postern.auditing.shard.PublishedShard;
import dev.postern.auditing.shard.ShardName;
import dev.postern.tlog.tile.Tile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads events from the log, newest first.
final class EventListing {

    private final Sequencer sequencer;
    private final SealedLeaves leaves;

    EventListing(Sequencer sequencer, SealedLeaves leaves) {
        this.sequencer = sequencer;
        this.leaves = leaves;
    }

    /// An event and its place.
    record Listed(Position place, EventEnvelope event) {}

    /// Events, newest first, and where to go on.
    record Page(List<Listed> events, Optional<Position> next) {}

    Page search(IndexQuery query) throws IOException {
        Bundles bundles = new Bundles();
        List<Listed> listed = new ArrayList<>();
        IndexPage page = sequencer.index().search(query);
        for (Position place : page.places()) {
            if (!sequencer.isThere(place.shard())) {
                // Deleted since; the index is behind for a moment.
                continue;
            }
            leaves.event(bundles.entry(place)).ifPresent(event -> listed.add(new Listed(place, event)));
        }
        return new Page(listed, page.next());
    }

    /// The event at a place, unless it was shredded.
    Optional<Listed> one(Position place) throws IOException {
        return leaves.event(new Bundles().entry(place)).map(event -> new Listed(place, event));
    }

    /// Neighbours in the log lie in one file: each is read once per answer.
    private final class Bundles {

        private record Place(ShardName shard, long bundle) {}

        private final Map<Place, List<byte[]>> read = new HashMap<>();
        private final Map<ShardName, Long> sizes = new HashMap<>();

        byte[] entry(Position position) throws IOException {
            PublishedShard shard = sequencer.shard(position.shard());
            Long size = sizes.get(position.shard());
            if (size == null) {
                size = shard.checkpoint().checkpoint().size();
                sizes.put(position.shard(), size);
            }
            Place place = new Place(position.shard(), position.index() / Tile.FULL);
            List<byte[]> bundle = read.get(place);
            if (bundle == null) {
                bundle = shard.bundle(place.bundle(), size);
                read.put(place, bundle);
            }
            return bundle.get((int) (position.index() % Tile.FULL));
        }
    }
}
