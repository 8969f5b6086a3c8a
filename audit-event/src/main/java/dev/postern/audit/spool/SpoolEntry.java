package dev.postern.audit.spool;

/// Something to be spooled, whose bytes contain its own number.
@FunctionalInterface
public interface SpoolEntry {

    /// Called once, by the spool's writer thread. At least one byte, at most one MiB.
    byte[] encode(EntryNumber number);
}
