package dev.postern.auditing.index;

import dev.postern.tlog.tree.Hash;

/// A stretch of the log that was followed.
///
/// @param from  its first place
/// @param to    the place after its last one
/// @param head  the hash of its last leaf, by which another log is told from this one
record Stretch(long from, long to, Hash head) {
    static final Stretch NONE = new Stretch(0, 0, Hash.EMPTY);

    /// Whether nothing lies between them.
    boolean touches(Stretch other) {
        return to >= other.from && from <= other.to;
    }

    Stretch and(Stretch other) {
        return new Stretch(Math.min(from, other.from), Math.max(to, other.to), other.to > to ? other.head : head);
    }
}
