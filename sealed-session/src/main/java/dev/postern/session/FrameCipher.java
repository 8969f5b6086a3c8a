package dev.postern.session;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/// One direction's AES-256-GCM in one epoch. For one thread; its `Cipher` is reused from frame to frame.
///
/// The nonce is `iv XOR seq`: the caller never gives one sequence number to [#seal] twice. SunJCE is asked for by
/// name: it is the fastest for messages of this size, and it refuses to seal under the nonce it has just used.
final class FrameCipher implements AutoCloseable {
    private static final int TAG_BITS = 8 * FrameHeader.TAG_LENGTH;

    private final Secret key;
    private final byte[] iv;
    private final Cipher cipher;
    /// As long as the longest frame of this epoch needed; empty of content between two calls.
    private byte[] opened = {};

    FrameCipher(Secret key, byte[] iv) {
        this.key = key;
        this.iv = iv;
        try {
            this.cipher = Cipher.getInstance("AES/GCM/NoPadding", "SunJCE");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM in SunJCE", e);
        }
    }

    static FrameCipher of(Secret epochSecret, Role sender) {
        return new FrameCipher(KeySchedule.frameKey(epochSecret, sender), KeySchedule.frameIv(epochSecret, sender));
    }

    /// Seals in place: the frame holds the header and, after it, the plaintext; its last 16 octets take the tag.
    void seal(long seq, byte[] frame) {
        int length = frame.length - FrameHeader.LENGTH - FrameHeader.TAG_LENGTH;
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, nonce(seq));
            cipher.updateAAD(frame, 0, FrameHeader.LENGTH);
            cipher.doFinal(frame, FrameHeader.LENGTH, length, frame, FrameHeader.LENGTH);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM refused to seal", e);
        }
    }

    /// The plaintext of a whole frame, or null when the tag does not verify. The frame's position stays.
    ///
    /// The plaintext lies in this cipher's own array, which the next call uses again: take it and erase it before.
    @Nullable
    ByteBuffer open(long seq, ByteBuffer frame) {
        // The JDK works on arrays; other memory it would copy by itself, piece by piece.
        byte[] sealed = frame.hasArray() ? frame.array() : copy(frame);
        int start = frame.hasArray() ? frame.arrayOffset() + frame.position() : 0;
        int length = frame.remaining() - FrameHeader.LENGTH;
        if (opened.length < length - FrameHeader.TAG_LENGTH) {
            opened = new byte[length - FrameHeader.TAG_LENGTH];
        }
        try {
            cipher.init(Cipher.DECRYPT_MODE, key, nonce(seq));
            cipher.updateAAD(sealed, start, FrameHeader.LENGTH);
            int plain = cipher.doFinal(sealed, start + FrameHeader.LENGTH, length, opened, 0);
            return ByteBuffer.wrap(opened, 0, plain);
        } catch (AEADBadTagException _) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM refused to open", e);
        }
    }

    private static byte[] copy(ByteBuffer frame) {
        byte[] copy = new byte[frame.remaining()];
        frame.get(frame.position(), copy);
        return copy;
    }

    private GCMParameterSpec nonce(long seq) {
        byte[] nonce = iv.clone();
        for (int i = 0; i < Long.BYTES; i++) {
            nonce[KeySchedule.NONCE_LENGTH - 1 - i] ^= (byte) (seq >>> (8 * i));
        }
        return new GCMParameterSpec(TAG_BITS, nonce);
    }

    @Override
    public void close() {
        key.destroy();
        Arrays.fill(iv, (byte) 0);
    }
}
