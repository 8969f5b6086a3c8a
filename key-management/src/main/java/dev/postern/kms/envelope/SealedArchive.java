package dev.postern.kms.envelope;

import dev.postern.kms.envelope.NotOpened.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/// Backups of any length as a stream: `postern-archive-1\n || generation (4) || salt (32)`, then chunks of 64 KiB, each
/// AES-256-GCM with its number and whether it is the last as nonce (the STREAM construction of Hoang and others, as in
/// age). Each archive has a key of its own below a data key for [KeyUse#BACKUPS].
///
/// Guarantee: what is read was written in this order and is a beginning of the whole; the end is reached only if
/// nothing
/// was cut off. A reader must therefore undo what it did when reading fails.
public final class SealedArchive {
    private static final byte[] MAGIC = "postern-archive-1\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LABEL = "postern archive 1".getBytes(StandardCharsets.US_ASCII);
    private static final int SALT = 32;
    private static final int HEADER = MAGIC.length + Integer.BYTES + SALT;
    private static final int CHUNK = 64 * 1024;
    private static final int TAG = 16;

    private SealedArchive() {}

    /// What is written to it goes sealed to `to`. The archive is whole only once it was closed, which closes `to`.
    public static OutputStream sealing(KeyRing ring, OutputStream to, SecureRandom random) throws IOException {
        DataKey key = ring.sealing(KeyUse.BACKUPS);
        byte[] salt = new byte[SALT];
        random.nextBytes(salt);
        byte[] header = ByteBuffer.allocate(HEADER)
                .put(MAGIC)
                .putInt(key.generation())
                .put(salt)
                .array();
        to.write(header);
        return new Sealing(to, new Chunks(key, salt, header));
    }

    /// The inverse of [#sealing].
    ///
    /// @throws NotOpened if it is no archive, or its key is not there; reading throws [IOException] for one that
    /// was altered or cut
    public static InputStream opening(KeyRing ring, InputStream from) throws IOException, NotOpened {
        byte[] header = from.readNBytes(HEADER);
        if (header.length < HEADER || !Arrays.equals(header, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new NotOpened(Reason.NO_RECORD);
        }
        int generation = ByteBuffer.wrap(header).getInt(MAGIC.length);
        byte[] salt = Arrays.copyOfRange(header, HEADER - SALT, HEADER);
        return new Opening(from, new Chunks(ring.opening(KeyUse.BACKUPS, generation), salt, header));
    }

    /// Seals or opens one chunk after the other.
    private static final class Chunks {
        private final SecretKey key;
        private final byte[] header;
        private long number;

        private Chunks(DataKey dataKey, byte[] salt, byte[] header) {
            try {
                this.key = dataKey.derive(LABEL, salt, SALT);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has HKDF", e);
            }
            this.header = header;
        }

        private byte[] next(int mode, byte[] chunk, int length, boolean isLast) throws GeneralSecurityException {
            byte[] nonce = ByteBuffer.allocate(12)
                    .put(new byte[3])
                    .putLong(number++)
                    .put((byte) (isLast ? 1 : 0))
                    .array();
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(TAG * Byte.SIZE, nonce));
            cipher.updateAAD(header);
            return cipher.doFinal(chunk, 0, length);
        }
    }

    private static final class Sealing extends OutputStream {
        private final OutputStream to;
        private final Chunks chunks;
        private final byte[] chunk = new byte[CHUNK];
        private int length;
        private boolean closed;

        private Sealing(OutputStream to, Chunks chunks) {
            this.to = to;
            this.chunks = chunks;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int offset, int count) throws IOException {
            int done = 0;
            while (done < count) {
                if (length == CHUNK) {
                    flushChunk(false);
                }
                int step = Math.min(CHUNK - length, count - done);
                System.arraycopy(octets, offset + done, chunk, length, step);
                length += step;
                done += step;
            }
        }

        private void flushChunk(boolean isLast) throws IOException {
            try {
                to.write(chunks.next(Cipher.ENCRYPT_MODE, chunk, length, isLast));
                length = 0;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has AES-GCM", e);
            }
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                flushChunk(true);
                Arrays.fill(chunk, (byte) 0);
                to.close();
            }
        }
    }

    private static final class Opening extends InputStream {
        private final InputStream from;
        private final Chunks chunks;
        /// A chunk and the first octet of the next, which tells that there is one.
        private byte[] ahead;

        private byte[] opened = new byte[0];
        private int position;
        private boolean ended;

        private Opening(InputStream from, Chunks chunks) throws IOException {
            this.from = from;
            this.chunks = chunks;
            this.ahead = from.readNBytes(CHUNK + TAG + 1);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] into, int offset, int count) throws IOException {
            while (position == opened.length) {
                if (ended) {
                    return -1;
                }
                openChunk();
            }
            int step = Math.min(count, opened.length - position);
            System.arraycopy(opened, position, into, offset, step);
            position += step;
            return step;
        }

        private void openChunk() throws IOException {
            boolean isLast = ahead.length <= CHUNK + TAG;
            int length = Math.min(ahead.length, CHUNK + TAG);
            try {
                opened = chunks.next(Cipher.DECRYPT_MODE, ahead, length, isLast);
            } catch (GeneralSecurityException e) {
                throw new EOFException("the archive was altered or cut");
            }
            position = 0;
            ended = isLast;
            if (!isLast) {
                byte first = ahead[CHUNK + TAG];
                byte[] more = from.readNBytes(CHUNK + TAG);
                ahead = new byte[more.length + 1];
                ahead[0] = first;
                System.arraycopy(more, 0, ahead, 1, more.length);
            }
        }

        @Override
        public void close() throws IOException {
            from.close();
        }
    }
}
