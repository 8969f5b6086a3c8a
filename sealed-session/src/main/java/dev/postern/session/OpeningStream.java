package dev.postern.session;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.security.GeneralSecurityException;
import java.util.Objects;
import org.conscrypt.HpkeContextRecipient;

/// The other end of [SealingStream]. Gives out authentic octets only, and an end only where the sealed stream has its
/// own. After a failure it gives nothing any more.
final class OpeningStream extends InputStream {
    private final PushbackInputStream in;
    private final HpkeContextRecipient recipient;
    private byte[] chunk = {};
    private int position;
    private long number;
    private long opened;
    private boolean last;
    private boolean failed;

    OpeningStream(InputStream in, HpkeContextRecipient recipient) {
        this.in = new PushbackInputStream(in, 1);
        this.recipient = recipient;
    }

    @Override
    public int read() throws IOException {
        return ready() ? chunk[position++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] octets, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, octets.length);
        if (length == 0) {
            return 0;
        }
        if (!ready()) {
            return -1;
        }
        int taken = Math.min(length, chunk.length - position);
        System.arraycopy(chunk, position, octets, offset, taken);
        position += taken;
        return taken;
    }

    private boolean ready() throws IOException {
        while (position == chunk.length && !last) {
            next();
        }
        return position < chunk.length;
    }

    private void next() throws IOException {
        if (failed) {
            throw new NotAuthentic(number, opened);
        }
        byte[] sealed = in.readNBytes(SealingStream.CHUNK + SealingStream.TAG);
        int following = in.read();
        boolean end = following < 0;
        if (!end) {
            in.unread(following);
        }
        try {
            if (sealed.length < SealingStream.TAG) {
                throw new GeneralSecurityException("no whole chunk");
            }
            chunk = recipient.open(sealed, end ? SealingStream.LAST : SealingStream.MORE);
        } catch (GeneralSecurityException _) {
            // For good: behind a chunk that was put in, the next true one would open again.
            failed = true;
            throw new NotAuthentic(number, opened);
        }
        position = 0;
        number++;
        opened += chunk.length;
        last = end;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
