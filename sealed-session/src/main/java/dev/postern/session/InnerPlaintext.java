package dev.postern.session;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// `content || ctype || zero padding`: TLS 1.3's inner plaintext (RFC 8446 s5.4), filled up to the next power of
/// two from 256 octets to 16 KiB, so that a length tells a bucket and no more.
final class InnerPlaintext {
    static final int SMALLEST = 256;
    /// The most content one frame carries: its type takes one octet.
    static final int MAX_CONTENT = FrameHeader.MAX_PLAINTEXT - 1;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ContentType type;
    private final byte[] content;

    private InnerPlaintext(ContentType type, byte[] content) {
        this.type = type;
        this.content = content;
    }

    ContentType type() {
        return type;
    }

    byte[] content() {
        return content;
    }

    /// The padded length of a content.
    static int paddedLength(int contentLength) {
        if (contentLength > MAX_CONTENT) {
            throw new IllegalArgumentException("a frame carries " + MAX_CONTENT + " octets, not " + contentLength);
        }
        int bucket = SMALLEST;
        while (bucket <= contentLength) {
            bucket *= 2;
        }
        return bucket;
    }

    /// Splits an opened plaintext, or null when there is no type in it or an unknown one. Erases the plaintext.
    static @Nullable InnerPlaintext parse(ByteBuffer plaintext) {
        byte[] octets = plaintext.array();
        int start = plaintext.arrayOffset() + plaintext.position();
        int end = start + plaintext.remaining() - 1;
        // Half of a plaintext may be padding: eight octets at a time.
        while (end - start >= Long.BYTES && (long) LONGS.get(octets, end - Long.BYTES + 1) == 0) {
            end -= Long.BYTES;
        }
        while (end >= start && octets[end] == 0) {
            end--;
        }
        if (end < start) {
            return null;
        }
        ContentType type = ContentType.of(octets[end]);
        InnerPlaintext inner = type == null ? null : new InnerPlaintext(type, Arrays.copyOfRange(octets, start, end));
        // What follows the type is zero.
        Arrays.fill(octets, start, end + 1, (byte) 0);
        return inner;
    }
}
