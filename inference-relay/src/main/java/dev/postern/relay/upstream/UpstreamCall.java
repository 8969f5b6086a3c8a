package dev.postern.relay.upstream;

/// A running upstream call. Use it on the executor it was started with.
public interface UpstreamCall {
    /// The configured name of the server that was asked last.
    String upstream();

    /// Asks for the next read of a streamed answer. Without it the connection's own flow control holds the
    /// model back.
    void pull();

    /// Ends the call and closes its connection, so that the model can stop. The listener hears nothing more.
    void cancel();
}
