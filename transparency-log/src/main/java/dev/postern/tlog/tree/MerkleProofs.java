package dev.postern.tlog.tree;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Makes inclusion and consistency proofs (RFC 9162, sections 2.1.3.1 and 2.1.4.1) and roots.
public final class MerkleProofs {

    private final SubtreeHashes hashes;

    public MerkleProofs(SubtreeHashes hashes) {
        this.hashes = hashes;
    }

    public Hash root(long size) throws IOException {
        return size == 0 ? Hash.EMPTY : range(0, size);
    }

    /// The path from leaf `index` to the root of the tree with `size` leaves, bottom first.
    public List<Hash> inclusion(long index, long size) throws IOException {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("no such leaf in this tree");
        }
        List<Hash> path = new ArrayList<>();
        inclusion(index, 0, size, path);
        return List.copyOf(path);
    }

    private void inclusion(long index, long start, long end, List<Hash> path) throws IOException {
        if (end - start == 1) {
            return;
        }
        long middle = start + split(end - start);
        if (index < middle) {
            inclusion(index, start, middle, path);
            path.add(range(middle, end));
        } else {
            inclusion(index, middle, end, path);
            path.add(range(start, middle));
        }
    }

    /// What shows that the tree with `newSize` leaves begins with the tree with `oldSize` leaves.
    public List<Hash> consistency(long oldSize, long newSize) throws IOException {
        if (oldSize < 1 || oldSize > newSize) {
            throw new IllegalArgumentException("consistency is between a tree and a later, larger one");
        }
        List<Hash> proof = new ArrayList<>();
        if (oldSize < newSize) {
            consistency(oldSize, 0, newSize, Known.OLD_ROOT, proof);
        }
        return List.copyOf(proof);
    }

    /// Whether the verifier can already have the hash of the subtree at hand: only as the old root itself.
    private enum Known {
        OLD_ROOT,
        NOTHING
    }

    private void consistency(long oldSize, long start, long end, Known known, List<Hash> proof) throws IOException {
        if (oldSize == end) {
            if (known == Known.NOTHING) {
                proof.add(range(start, end));
            }
            return;
        }
        long middle = start + split(end - start);
        if (oldSize <= middle) {
            consistency(oldSize, start, middle, known, proof);
            proof.add(range(middle, end));
        } else {
            consistency(oldSize, middle, end, Known.NOTHING, proof);
            proof.add(range(start, middle));
        }
    }

    private Hash range(long start, long end) throws IOException {
        long count = end - start;
        if (Long.bitCount(count) == 1) {
            int level = Long.numberOfTrailingZeros(count);
            return hashes.at(level, start >>> level);
        }
        long middle = start + split(count);
        return Hash.node(range(start, middle), range(middle, end));
    }

    /// The largest power of two below `count`.
    private static long split(long count) {
        return Long.highestOneBit(count - 1);
    }
}
