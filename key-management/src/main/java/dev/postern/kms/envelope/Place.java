package dev.postern.kms.envelope;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Where a sealed value lives. It is authenticated with the value, which therefore opens nowhere else: not in another
/// row, not in another field of the same row.
///
/// @param store such as `registry`
/// @param field such as `client.secret_hash`
/// @param row   the identifier of the row, which never changes
public record Place(String store, String field, String row) {

    /// The parts, each behind its length: ("a", "bc") is not ("ab", "c").
    static byte[] joined(String... parts) {
        byte[][] encoded = new byte[parts.length][];
        int length = 0;
        for (int i = 0; i < parts.length; i++) {
            encoded[i] = parts[i].getBytes(StandardCharsets.UTF_8);
            length += Integer.BYTES + encoded[i].length;
        }
        ByteBuffer joined = ByteBuffer.allocate(length);
        for (byte[] part : encoded) {
            joined.putInt(part.length).put(part);
        }
        return joined.array();
    }

    byte[] bytes() {
        return joined(store, field, row);
    }
}
