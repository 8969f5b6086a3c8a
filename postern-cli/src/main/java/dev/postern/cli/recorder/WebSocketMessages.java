package dev.postern.cli.recorder;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// The data messages of one direction of a WebSocket, unmasked (RFC 6455 section 5.2). Clients mask what they send, so
/// that without this nobody would find anything in it, sealed or not.
final class WebSocketMessages {
    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;
    private static final int LENGTH = 0x7f;
    private static final int OPCODE = 0x0f;
    private static final int FIRST_CONTROL = 0x8;
    private static final int MASK = 4;

    private WebSocketMessages() {}

    /// All that are whole; what is still under way is left out.
    static List<byte[]> in(ByteBuffer frames) {
        List<byte[]> messages = new ArrayList<>();
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        try {
            while (frames.hasRemaining()) {
                int first = frames.get();
                byte[] payload = payload(frames);
                if ((first & OPCODE) < FIRST_CONTROL) {
                    message.writeBytes(payload);
                    if ((first & FIN) != 0) {
                        messages.add(message.toByteArray());
                        message.reset();
                    }
                }
            }
        } catch (BufferUnderflowException _) {
            // the rest has not arrived
        }
        return messages;
    }

    private static byte[] payload(ByteBuffer frames) {
        int second = frames.get();
        long length = switch (second & LENGTH) {
            case 126 -> Short.toUnsignedInt(frames.getShort());
            case 127 -> frames.getLong();
            default -> second & LENGTH;
        };
        byte[] mask = new byte[MASK];
        if ((second & MASKED) != 0) {
            frames.get(mask);
        }
        if (length < 0 || length > frames.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] payload = new byte[(int) length];
        frames.get(payload);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i % MASK];
        }
        return payload;
    }
}
