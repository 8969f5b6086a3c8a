package dev.postern.session;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HexFormat;

/// A session's name: 16 random octets chosen by the relay, in the clear in every frame. Not a secret and not a
/// credential.
public record SessionId(long high, long low) {
    static final int LENGTH = 16;

    static SessionId random(SecureRandom random) {
        return new SessionId(random.nextLong(), random.nextLong());
    }

    static SessionId read(ByteBuffer from, int offset) {
        return new SessionId(from.getLong(offset), from.getLong(offset + Long.BYTES));
    }

    void write(ByteBuffer to) {
        to.putLong(high).putLong(low);
    }

    /// 32 hexadecimal digits.
    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(high) + hex.toHexDigits(low);
    }
}
