package dev.postern.session;

/// A frame cannot be sealed. Ask for another session or another stream; never retry on the same one.
public final class SessionUnusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /// Why.
    public enum Reason {
        /// Closed by either end.
        CLOSED,
        /// Past the end the relay granted.
        EXPIRED,
        /// The stream is over: finished, failed, cancelled or never opened.
        STREAM_ENDED,
        /// As many streams are open as the relay granted.
        STREAM_LIMIT,
        /// The epoch has carried all the frames it may, and no key update came.
        FRAME_LIMIT
    }

    SessionUnusable(Reason reason) {
        super(reason.name());
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
