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

    /// The plaintext of a whole frame, or null when the tag does not verify. The buffer's position stays.
    byte @Nullable [] open(long seq, ByteBuffer frame) {
        int start = frame.position();
        ByteBuffer header = frame.slice(start, FrameHeader.LENGTH);
        ByteBuffer sealed = frame.slice(start + FrameHeader.LENGTH, frame.remaining() - FrameHeader.LENGTH);
        byte[] plaintext = new byte[sealed.remaining() - FrameHeader.TAG_LENGTH];
        try {
            cipher.init(Cipher.DECRYPT_MODE, key, nonce(seq));
            cipher.updateAAD(header);
            cipher.doFinal(sealed, ByteBuffer.wrap(plaintext));
            return plaintext;
        } catch (AEADBadTagException _) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM refused to open", e);
        }
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
