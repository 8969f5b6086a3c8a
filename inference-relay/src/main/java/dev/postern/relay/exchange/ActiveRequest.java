package dev.postern.relay.exchange;

/// A request being served, as its session sees it. Use it on the session's event loop.
public interface ActiveRequest {
    /// The client takes data again.
    void resume();

    /// Nobody waits for the answer any more: ends redaction and closes the model's connection. The sink hears
    /// nothing.
    void cancel();
}
