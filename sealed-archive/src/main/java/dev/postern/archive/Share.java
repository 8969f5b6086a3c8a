package dev.postern.archive;

import dev.postern.session.NotAuthentic;
import dev.postern.session.RecipientKey;
import dev.postern.session.RecipientPublicKey;
import dev.postern.session.SealingStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/// One of the two halves of what opens a body. Prints nothing; closing erases it.
public final class Share implements AutoCloseable {
    static final int OCTETS = 32;

    private final int x;
    private final byte[] octets;

    private Share(int x, byte[] octets) {
        this.x = x;
        this.octets = octets;
    }

    static Share owning(int x, byte[] octets) {
        return new Share(x, octets);
    }

    /// @throws CannotOpen when it is not of a share's length
    static Share read(int x, InputStream in) throws IOException {
        byte[] octets = in.readNBytes(OCTETS + 1);
        if (octets.length != OCTETS) {
            Arrays.fill(octets, (byte) 0);
            throw new CannotOpen("a share has another length");
        }
        return new Share(x, octets);
    }

    int x() {
        return x;
    }

    byte[] octets() {
        return octets;
    }

    /// For somebody else's eyes only.
    ///
    /// @param context what it is bound to, such as the digest of what was asked
    public byte[] sealTo(RecipientPublicKey recipient, byte[] context) {
        return seal(recipient, octets, context);
    }

    static byte[] seal(RecipientPublicKey recipient, byte[] octets, byte[] context) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (SealingStream sealing = recipient.seal(out, context)) {
            sealing.write(octets);
            sealing.finish();
            return out.toByteArray();
        } catch (IOException e) {
            // Only for a public key that is none.
            throw new UncheckedIOException(e);
        }
    }

    /// The other end of [#sealTo].
    ///
    /// @param x whose share it is, as the body says ([SealedBody.Portion#x])
    /// @throws CannotOpen when it was sealed to somebody else, in another context, or altered
    public static Share open(RecipientKey key, int x, byte[] sealed, byte[] context) throws IOException {
        try (InputStream in = key.open(new ByteArrayInputStream(sealed), context)) {
            return read(x, in);
        } catch (NotAuthentic _) {
            throw new CannotOpen("the share was not sealed to this key and for this request, or was altered");
        }
    }

    @Override
    public void close() {
        Arrays.fill(octets, (byte) 0);
    }

    @Override
    public String toString() {
        return "Share[hidden]";
    }
}
