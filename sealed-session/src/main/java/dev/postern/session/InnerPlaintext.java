package dev.postern.session;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// `content || ctype || zero padding`: TLS 1.3's inner plaintext (RFC 8446 s5.4), filled up to the next power of
/// two from 256 octets to 16 KiB, so that a length tells a bucket and no more.
final class InnerPlaintext {
    static final int SMALLEST = 256;
    /// The most content one frame carries: its type takes one octet.
    static final int MAX_CONTENT = FrameHeader.MAX_PLAINTEXT - 1;

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
    static @Nullable InnerPlaintext parse(byte[] plaintext) {
        int end = plaintext.length - 1;
        while (end >= 0 && plaintext[end] == 0) {
            end--;
        }
        ContentType type = end < 0 ? null : ContentType.of(plaintext[end]);
        InnerPlaintext inner = type == null ? null : new InnerPlaintext(type, Arrays.copyOf(plaintext, end));
        Arrays.fill(plaintext, (byte) 0);
        return inner;
    }
}
