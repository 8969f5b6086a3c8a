package dev.postern.auditing.query;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.postern.audit.leaf.LeafKey;
import dev.postern.auditing.epoch.SealedLeaves;
import dev.postern.auditing.sequence.Sequencer;
import dev.postern.auditing.shard.Position;
import dev.postern.auditing.shard.PublishedShard;
import dev.postern.auditing.witness.Cosignatures;
import dev.postern.tlog.tree.Hash;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Shows that an event is in the log.
final class EventProofs {
    private final Sequencer sequencer;
    private final SealedLeaves leaves;
    private final Cosignatures cosignatures;

    EventProofs(Sequencer sequencer, SealedLeaves leaves, Cosignatures cosignatures) {
        this.sequencer = sequencer;
        this.leaves = leaves;
        this.cosignatures = cosignatures;
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

    /// Under the newest checkpoint.
    ///
    /// @param place of a published event
    Proof of(Position place) throws IOException {
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
}
