package dev.postern.session;

import java.io.IOException;
import java.io.OutputStream;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.conscrypt.HpkeContextSender;
import org.jspecify.annotations.Nullable;

/// To whom streams are sealed that only the holder of a [RecipientKey] opens: an X-Wing public key, good against a
/// later quantum computer too.
///
/// Guarantee: whoever has this key, and what it sealed, reads nothing of it. Not guaranteed: who sealed a stream.
/// Everybody who has the key can make one.
public final class RecipientPublicKey {
    static final Suite SUITE = Suite.X_WING;
    private static final int NAME_OCTETS = 8;

    private final byte[] octets;

    private RecipientPublicKey(byte[] octets) {
        this.octets = octets;
    }

    static RecipientPublicKey owning(byte[] octets) {
        return new RecipientPublicKey(octets);
    }

    /// The inverse of [#encoded].
    public static Optional<RecipientPublicKey> parse(String text) {
        return Base64Url.decode(text, SUITE.publicKeyLength()).map(RecipientPublicKey::new);
    }

    /// Base64url.
    public String encoded() {
        return Base64Url.encode(octets);
    }

    /// What people compare: the first 64 bits of its SHA-256, hexadecimal.
    public String name() {
        return HexFormat.of().formatHex(Hashing.sha256(octets), 0, NAME_OCTETS);
    }

    byte[] octets() {
        return octets.clone();
    }

    /// Begins a sealed stream: writes its encapsulation.
    ///
    /// @param context what the stream is bound to, such as the header before it
    public SealingStream seal(OutputStream out, byte[] context) throws IOException {
        try {
            HpkeContextSender sender = Hpke.sender(SUITE, octets, context);
            out.write(sender.getEncapsulated());
            return new SealingStream(out, sender);
        } catch (InvalidKeyException e) {
            throw new IOException("the public key " + name() + " is unusable", e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RecipientPublicKey key && MessageDigest.isEqual(octets, key.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    @Override
    public String toString() {
        return "RecipientPublicKey[" + name() + "]";
    }
}
