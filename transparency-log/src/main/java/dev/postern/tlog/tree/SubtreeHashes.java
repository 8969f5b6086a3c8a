package dev.postern.tlog.tree;

import java.io.IOException;

/// Where hashes of a tree come from.
@FunctionalInterface
public interface SubtreeHashes {

    /// The root of the perfect subtree over leaves `index * 2^level` up to `(index + 1) * 2^level`.
    Hash at(int level, long index) throws IOException;
}
