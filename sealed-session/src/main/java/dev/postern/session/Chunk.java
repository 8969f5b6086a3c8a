package dev.postern.session;

/// Whether more follows on a stream.
public enum Chunk {
    /// More content follows on this stream.
    MORE,
    /// This content ends the sender's half of the stream.
    LAST
}
