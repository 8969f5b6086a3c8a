package dev.postern.session;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;
import org.conscrypt.HpkeContextSender;

/// Seals a stream in chunks of 64 KiB, each as one message of one HPKE context (RFC 9180 section 5.2): its nonce is the
/// chunk's number, its associated data says whether it is the last. That is the STREAM construction (Hoang,
/// Reyhanitabar, Rogaway, Vizár 2015): a stream that was cut, prolonged or reordered does not open.
///
/// A stream is whole only after [#finish]. Closing does not finish it, so that a failure half-way never looks like an
/// end. For one thread.
public final class SealingStream extends OutputStream {
    static final int CHUNK = 64 * 1024;
    static final int TAG = 16;
    static final byte[] MORE = {0};
    static final byte[] LAST = {1};

    private final OutputStream out;
    private final HpkeContextSender sender;
    private final byte[] chunk = new byte[CHUNK];
    private int filled;
    private boolean finished;

    SealingStream(OutputStream out, HpkeContextSender sender) {
        this.out = out;
        this.sender = sender;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, octets.length);
        if (finished) {
            throw new IOException("the sealed stream has ended");
        }
        int at = offset;
        int left = length;
        while (left > 0) {
            if (filled == CHUNK) {
                emit(MORE);
            }
            int taken = Math.min(left, CHUNK - filled);
            System.arraycopy(octets, at, chunk, filled, taken);
            filled += taken;
            at += taken;
            left -= taken;
        }
    }

    /// Writes the last chunk. Nothing can be written any more.
    public void finish() throws IOException {
        if (!finished) {
            emit(LAST);
            finished = true;
            out.flush();
        }
    }

    private void emit(byte[] mark) throws IOException {
        byte[] plaintext = Arrays.copyOf(chunk, filled);
        out.write(sender.seal(plaintext, mark));
        Arrays.fill(plaintext, (byte) 0);
        filled = 0;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
