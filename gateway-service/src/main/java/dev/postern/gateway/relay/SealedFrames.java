package dev.postern.gateway.relay;

/// What of SSP1 the gateway knows without opening anything.
public final class SealedFrames {
    /// The longest message: an OPEN with a long token. Frames are shorter.
    public static final int MAX_MESSAGE = 64 * 1024;

    private SealedFrames() {}
}
