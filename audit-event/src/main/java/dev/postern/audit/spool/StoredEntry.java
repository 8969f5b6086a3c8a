package dev.postern.audit.spool;

/// An entry as read back.
///
/// @param sequence  the entry's number
/// @param payload   its bytes as encoded; not to be changed
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody; copied by nobody on the way to the wire.
public record StoredEntry(long sequence, byte[] payload) {}
