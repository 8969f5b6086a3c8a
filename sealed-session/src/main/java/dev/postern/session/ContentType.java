package dev.postern.session;

import org.jspecify.annotations.Nullable;

/// What a frame's content is.
public enum ContentType {
    JSON(1),
    /// An RFC 9457 problem document.
    PROBLEM(2),
    CBOR(3),
    /// Octets: also every chunk but the last of a content that is longer than one frame.
    BYTES(4);

    private final byte code;

    ContentType(int code) {
        this.code = (byte) code;
    }

    byte code() {
        return code;
    }

    static @Nullable ContentType of(byte code) {
        return switch (code) {
            case 1 -> JSON;
            case 2 -> PROBLEM;
            case 3 -> CBOR;
            case 4 -> BYTES;
            default -> null;
        };
    }
}
