package dev.postern.cli.audit.archive;

import dev.postern.audit.leaf.LeafKey;
import dev.postern.audit.leaf.SealedLeaf;
import dev.postern.tlog.tree.Hash;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// One entry of a log, with what opens it and what proves it.
///
/// @param leaf   as the log holds it
/// @param key    opens it; absent for an event in the clear, as earlier releases wrote them
/// @param proof  sibling hashes, bottom first (RFC 9162, section 2.1.3)
@SuppressWarnings("ArrayRecordComponent") // Read once, never compared.
record ArchivedEntry(String origin, long index, byte[] leaf, Optional<LeafKey> key, List<Hash> proof) {
    private static final int CLEAR_HEADER = 2;
    private static final byte CLEAR_VERSION = 1;
    private static final byte CLEAR_EVENT = 1;

    /// The canonical bytes of the event in the leaf; empty when it does not open.
    Optional<byte[]> content() {
        if (key.isEmpty()) {
            boolean clear = leaf.length > CLEAR_HEADER && leaf[0] == CLEAR_VERSION && leaf[1] == CLEAR_EVENT;
            return clear ? Optional.of(Arrays.copyOfRange(leaf, CLEAR_HEADER, leaf.length)) : Optional.empty();
        }
        return SealedLeaf.parse(leaf).flatMap(one -> one.open(key.get()));
    }
}
