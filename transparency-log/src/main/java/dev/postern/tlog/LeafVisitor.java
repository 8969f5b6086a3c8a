package dev.postern.tlog;

/// Sees every leaf of a log while it is checked, in order.
@FunctionalInterface
public interface LeafVisitor {

    void leaf(long index, byte[] entry);
}
