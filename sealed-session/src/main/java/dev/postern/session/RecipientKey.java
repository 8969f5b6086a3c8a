package dev.postern.session;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import org.conscrypt.OpenSslXwingPrivateKey;

/// The private half of a [RecipientPublicKey]. Prints nothing; closing erases it.
public final class RecipientKey implements AutoCloseable {
    private static final int SECRET_OCTETS = 32;
    private static final byte[] PROBE = "a key pair fits".getBytes(StandardCharsets.US_ASCII);

    private final KemKeyPair pair;

    private RecipientKey(KemKeyPair pair) {
        this.pair = pair;
    }

    /// A fresh key.
    public static RecipientKey generate() {
        return new RecipientKey(Hpke.generate(RecipientPublicKey.SUITE));
    }

    /// The inverse of [#insecureEncoded].
    ///
    /// @return nothing when the text is no private key, or not that of the public one
    public static Optional<RecipientKey> parse(RecipientPublicKey publicKey, String secret) {
        return Base64Url.decode(secret, SECRET_OCTETS)
                .map(octets -> new RecipientKey(Hpke.keyPair(RecipientPublicKey.SUITE, publicKey.octets(), octets)))
                .filter(RecipientKey::fits);
    }

    private boolean fits() {
        try {
            var sender = Hpke.sender(pair.suite(), pair.publicKey(), PROBE);
            var recipient = Hpke.recipient(pair, sender.getEncapsulated(), PROBE);
            return Arrays.equals(PROBE, recipient.open(sender.seal(PROBE, PROBE), PROBE));
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    public RecipientPublicKey publicKey() {
        return RecipientPublicKey.owning(pair.publicKey());
    }

    /// The secret itself, base64url: for the one file that keeps it.
    public String insecureEncoded() {
        return switch (pair.privateKey()) {
            case OpenSslXwingPrivateKey key -> Base64Url.encode(key.getRaw());
            default -> throw new IllegalStateException("unexpected key class");
        };
    }

    /// Opens what [RecipientPublicKey#seal] made.
    ///
    /// @param context what it was bound to
    /// @throws NotAuthentic if it has no encapsulation. Whether it is for this key, shows with its first octet
    public InputStream open(InputStream in, byte[] context) throws IOException {
        byte[] encapsulation = in.readNBytes(pair.suite().encapsulationLength());
        if (encapsulation.length < pair.suite().encapsulationLength()) {
            throw new NotAuthentic(0, 0);
        }
        try {
            return new OpeningStream(in, Hpke.recipient(pair, encapsulation, context));
        } catch (GeneralSecurityException _) {
            throw new NotAuthentic(0, 0);
        }
    }

    @Override
    public void close() {
        pair.close();
    }

    @Override
    public String toString() {
        return "RecipientKey[" + publicKey().name() + "]";
    }
}
