package dev.postern.session;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Optional;

/// The name of a relay's HPKE key: 16 random octets, base64url where it is text. The gateway routes by it.
public record KeyId(long high, long low) {
    static final int LENGTH = 16;

    static KeyId random(SecureRandom random) {
        return new KeyId(random.nextLong(), random.nextLong());
    }

    static KeyId read(ByteBuffer from) {
        return new KeyId(from.getLong(), from.getLong());
    }

    /// Parses what [#toString] wrote; empty for anything else.
    public static Optional<KeyId> parse(String text) {
        return Base64Url.decode(text, LENGTH).map(octets -> read(ByteBuffer.wrap(octets)));
    }

    void write(ByteBuffer to) {
        to.putLong(high).putLong(low);
    }

    /// 22 characters of base64url.
    @Override
    public String toString() {
        return Base64Url.encode(
                ByteBuffer.allocate(LENGTH).putLong(high).putLong(low).array());
    }
}
