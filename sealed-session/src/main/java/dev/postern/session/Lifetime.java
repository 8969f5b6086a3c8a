package dev.postern.session;

/// Whether a session may go on, by the caller's clock.
public enum Lifetime {
    /// Go on.
    LIVE,
    /// Relay: no valid frame came within 5 s of ACCEPT. Drop it.
    NEVER_CONFIRMED,
    /// No stream is open, and for the granted idle time nothing was asked or answered. Close it.
    IDLE,
    /// Past its end. Close it.
    EXPIRED,
    /// Closed by either end.
    CLOSED
}
