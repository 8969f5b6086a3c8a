package dev.postern.tlog.tree;

import java.util.List;

/// Checks proofs (RFC 9162, sections 2.1.3.2 and 2.1.4.2).
public final class ProofCheck {

    private ProofCheck() {}

    /// Whether `proof` leads from `leaf` at `index` to `root` of a tree with `size` leaves.
    public static boolean included(long index, long size, Hash leaf, List<Hash> proof, Hash root) {
        if (index < 0 || index >= size) {
            return false;
        }
        long fn = index;
        long sn = size - 1;
        Hash running = leaf;
        for (Hash sibling : proof) {
            if (sn == 0) {
                return false;
            }
            if ((fn & 1) == 1 || fn == sn) {
                running = Hash.node(sibling, running);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>>= 1;
                    sn >>>= 1;
                }
            } else {
                running = Hash.node(running, sibling);
            }
            fn >>>= 1;
            sn >>>= 1;
        }
        // Without sn == 0 a proof cut short would prove an inner node as if it were a leaf.
        return sn == 0 && running.equals(root);
    }

    /// Whether `proof` shows that the tree with `newRoot` begins with the tree with `oldRoot`.
    public static boolean consistent(long oldSize, Hash oldRoot, long newSize, Hash newRoot, List<Hash> proof) {
        if (oldSize < 1 || oldSize > newSize) {
            return false;
        }
        if (oldSize == newSize) {
            return proof.isEmpty() && oldRoot.equals(newRoot);
        }
        boolean startsAtOldRoot = Long.bitCount(oldSize) == 1;
        if (!startsAtOldRoot && proof.isEmpty()) {
            return false;
        }
        Hash first = startsAtOldRoot ? oldRoot : proof.getFirst();
        List<Hash> rest = startsAtOldRoot ? proof : proof.subList(1, proof.size());
        return climb(oldSize, oldRoot, newSize, newRoot, first, rest);
    }

    private static boolean climb(long oldSize, Hash oldRoot, long newSize, Hash newRoot, Hash first, List<Hash> rest) {
        long fn = oldSize - 1;
        long sn = newSize - 1;
        while ((fn & 1) == 1) {
            fn >>>= 1;
            sn >>>= 1;
        }
        Hash older = first;
        Hash newer = first;
        for (Hash sibling : rest) {
            if (sn == 0) {
                return false;
            }
            if ((fn & 1) == 1 || fn == sn) {
                older = Hash.node(sibling, older);
                newer = Hash.node(sibling, newer);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>>= 1;
                    sn >>>= 1;
                }
            } else {
                newer = Hash.node(newer, sibling);
            }
            fn >>>= 1;
            sn >>>= 1;
        }
        return sn == 0 && older.equals(oldRoot) && newer.equals(newRoot);
    }
}
