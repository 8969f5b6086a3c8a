package dev.postern.auditing.epoch;

import dev.postern.audit.envelope.EnvelopeParser;
import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.audit.envelope.MalformedEnvelope;
import dev.postern.audit.leaf.LeafKey;
import dev.postern.audit.leaf.SealedLeaf;
import dev.postern.auditing.leaf.Leaf;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/// Puts events into leaves, and reads the events of leaves.
///
/// Guarantee: an event is sealed before it comes to any disk of this service. Safe for any thread.
public final class SealedLeaves {
    private static final System.Logger LOG = System.getLogger(SealedLeaves.class.getName());

    private final EpochKeys keys;
    private final SecureRandom random;
    private final LongAdder unreadable = new LongAdder();

    public SealedLeaves(EpochKeys keys, SecureRandom random) {
        this.keys = keys;
        this.random = random;
    }

    /// A new leaf with an event, under the keys of today.
    ///
    /// @param event  its canonical bytes
    /// @throws IllegalArgumentException when it is larger than the largest size class
    public byte[] seal(byte[] event) {
        return keys.sealing().seal(event, random).bytes();
    }

    /// The event in a leaf, sealed or, as older releases wrote it, in the clear. Empty when there is none, when its
    /// keys were destroyed, and when it does not open; the last is counted.
    ///
    /// @throws dev.postern.kms.KeyManagementException when its keys cannot be asked for, or were lost
    public Optional<EventEnvelope> event(byte[] leaf) {
        return content(leaf).flatMap(content -> {
            try {
                return Optional.of(EnvelopeParser.parse(content));
            } catch (MalformedEnvelope _) {
                // Written by another version of this service; it stays proven, and unlisted.
                return Optional.empty();
            }
        });
    }

    /// The canonical bytes of the event in a leaf, as [#event].
    public Optional<byte[]> content(byte[] leaf) {
        Optional<Leaf> clear = Leaf.parse(leaf);
        if (clear.isPresent()) {
            return clear.filter(one -> one.kind() == Leaf.Kind.EVENT).map(Leaf::body);
        }
        return SealedLeaf.parse(leaf).flatMap(one -> key(one).flatMap(key -> opened(one, key)));
    }

    /// What discloses the event of one leaf; empty for a leaf in the clear, and when the epoch's keys were destroyed.
    public Optional<LeafKey> key(byte[] leaf) {
        return SealedLeaf.parse(leaf).flatMap(this::key);
    }

    private Optional<LeafKey> key(SealedLeaf leaf) {
        return Epoch.isDay(leaf.epoch())
                ? keys.opening(new Epoch(leaf.epoch())).map(key -> key.of(leaf))
                : Optional.empty();
    }

    private Optional<byte[]> opened(SealedLeaf leaf, LeafKey key) {
        Optional<byte[]> event = leaf.open(key);
        if (event.isEmpty()) {
            unreadable.increment();
            LOG.log(
                    System.Logger.Level.ERROR,
                    "a leaf of {0} does not open under its epoch''s keys: run postern audit verify",
                    new Epoch(leaf.epoch()));
        }
        return event;
    }

    /// How many leaves did not open although their keys are there.
    public long unreadable() {
        return unreadable.sum();
    }
}
