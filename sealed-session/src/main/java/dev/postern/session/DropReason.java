package dev.postern.session;

/// Why a received frame changed nothing. The sender is told nothing: an injector must not be able to end a session.
/// Count them.
public enum DropReason {
    /// Not a frame: length, version, type, flags or a number out of range; or authentic, but without a valid inner
    /// structure.
    MALFORMED("malformed"),
    /// The declared ciphertext is longer than a frame may be.
    TOO_LARGE("too-large"),
    /// Another session's identifier.
    UNKNOWN_SESSION("unknown-session"),
    /// One of our own frames, sent back.
    REFLECTED("reflected"),
    /// An epoch that has not begun.
    UNKNOWN_EPOCH("unknown-epoch"),
    /// An epoch whose keys are gone.
    EPOCH_RETIRED("epoch-retired"),
    /// More frames in one epoch than the terms allow.
    FRAME_LIMIT("frame-limit"),
    /// A sequence number that was accepted before.
    DUPLICATE("duplicate"),
    /// A sequence number below the replay window.
    TOO_OLD("too-old"),
    /// Altered, forged, or sealed for another place: the tag does not verify.
    BAD_TAG("bad-tag"),
    /// Authentic, but not the next chunk of its stream.
    BAD_INDEX("bad-idx"),
    /// Authentic, but the stream is over, or its number lies below one already used.
    STREAM_ENDED("stream-ended"),
    /// Authentic, but a stream that was never asked for.
    UNKNOWN_STREAM("unknown-stream"),
    /// Authentic, but one stream more than the terms allow at once.
    STREAM_LIMIT("stream-limit"),
    /// Authentic, but the session is revoked.
    REVOKED("revoked"),
    /// The session was closed by either end.
    CLOSED("closed");

    /// What such a frame says of whoever sent it.
    public enum Fault {
        /// It is none of the peer's frames, or not as the peer sealed it.
        NOT_AUTHENTIC,
        /// It is the peer's, but out of order, repeated, or of a time that is over.
        OUT_OF_ORDER,
        /// It was under way when this end stopped, which is nobody's fault.
        NONE
    }

    private final String code;

    DropReason(String code) {
        this.code = code;
    }

    /// A short fixed name, fit for a metric's tag.
    public String code() {
        return code;
    }

    public Fault fault() {
        return switch (this) {
            case BAD_TAG, MALFORMED, TOO_LARGE, UNKNOWN_SESSION, REFLECTED -> Fault.NOT_AUTHENTIC;
            case DUPLICATE,
                    TOO_OLD,
                    BAD_INDEX,
                    UNKNOWN_EPOCH,
                    EPOCH_RETIRED,
                    FRAME_LIMIT,
                    UNKNOWN_STREAM,
                    STREAM_LIMIT -> Fault.OUT_OF_ORDER;
            case STREAM_ENDED, REVOKED, CLOSED -> Fault.NONE;
        };
    }
}
