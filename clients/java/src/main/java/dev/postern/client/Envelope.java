package dev.postern.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;

/// Puts a body into a document as it is: what an application wrote is what the model reads, number by number.
final class Envelope {
    private static final byte[] MEMBER = ",\"body\":".getBytes(US_ASCII);

    private Envelope() {}

    /// @param object a JSON object with at least one member, without space around it
    /// @param body a JSON value
    static byte[] with(byte[] object, byte[] body) {
        return ByteBuffer.allocate(object.length + MEMBER.length + body.length)
                .put(object, 0, object.length - 1)
                .put(MEMBER)
                .put(body)
                .put((byte) '}')
                .array();
    }
}
