package dev.postern.session;

/// A relay's answer to an offer and the session it began. Send the message first.
public final class Accepted {
    private final byte[] message;
    private final SealedSession session;

    Accepted(byte[] message, SealedSession session) {
        this.message = message;
        this.session = session;
    }

    /// ACCEPT: the first binary message back.
    public byte[] message() {
        return message.clone();
    }

    /// Half-open until the first valid frame: see [SealedSession#lifetime].
    public SealedSession session() {
        return session;
    }
}
