package dev.postern.relay.session;

/// The connection under a session. Used on its event loop only.
public interface SessionChannel {
    /// Writes one frame; it leaves with the next flush.
    void write(byte[] frame);

    void flush();

    /// Whether the connection takes more without buffering beyond its mark.
    boolean isWritable();

    /// Flushes and ends the connection with a WebSocket close code and its name.
    void close(int code, String reason);
}
