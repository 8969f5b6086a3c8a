package dev.postern.session;

import org.jspecify.annotations.Nullable;

/// What a frame is. 0x12 (TAKEOVER) and 0x14 (ACK) are reserved and refused like any unknown type.
enum FrameType {
    DATA(0x10),
    KEY_UPDATE(0x11),
    CLOSE(0x13),
    ERROR(0x15);

    private final int code;

    FrameType(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static @Nullable FrameType of(int code) {
        return switch (code) {
            case 0x10 -> DATA;
            case 0x11 -> KEY_UPDATE;
            case 0x13 -> CLOSE;
            case 0x15 -> ERROR;
            default -> null;
        };
    }
}
