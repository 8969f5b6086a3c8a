package dev.postern.tlog.note;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// The two kinds of cosignature there are (C2SP tlog-cosignature): by their type octet, keys, and what is signed.
enum CosignatureType {
    /// `cosignature/v1`: two lines, then the text of the checkpoint.
    ED25519(Ed25519.COSIGNATURE, "Ed25519", 32, 64, "302a300506032b6570032100") {
        @Override
        Optional<byte[]> message(String name, String text, long seconds) {
            return Optional.of(NoteText.utf8("cosignature/v1\ntime " + seconds + "\n" + text));
        }
    },
    /// `subtree/v1`: names who cosigns and the log. It says nothing of extension lines, so a text with some has none.
    ML_DSA_44((byte) 6, "ML-DSA-44", 1312, 2420, "30820532300b06096086480165030403110382052100") {
        @Override
        Optional<byte[]> message(String name, String text, long seconds) {
            return Checkpoint.parse(text)
                    .filter(checkpoint -> checkpoint.text().equals(text))
                    .flatMap(checkpoint -> subtree(NoteText.utf8(name), checkpoint, seconds));
        }
    };

    private static final byte[] LABEL = "subtree/v1\n\0".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_NAME = 255;

    private final byte code;
    private final String algorithm;
    private final int keyLength;
    private final int signatureLength;
    /// SubjectPublicKeyInfo up to the octets of the key, in hexadecimal (RFC 8410, RFC 9881).
    private final String spki;

    CosignatureType(byte code, String algorithm, int keyLength, int signatureLength, String spki) {
        this.code = code;
        this.algorithm = algorithm;
        this.keyLength = keyLength;
        this.signatureLength = signatureLength;
        this.spki = spki;
    }

    private static Optional<byte[]> subtree(byte[] name, Checkpoint checkpoint, long seconds) {
        byte[] origin = NoteText.utf8(checkpoint.origin());
        if (name.length > LONGEST_NAME || origin.length > LONGEST_NAME) {
            return Optional.empty();
        }
        byte[] root = checkpoint.root().bytes();
        return Optional.of(
                ByteBuffer.allocate(LABEL.length + 2 + name.length + origin.length + 3 * Long.BYTES + root.length)
                        .put(LABEL)
                        .put((byte) name.length)
                        .put(name)
                        .putLong(seconds)
                        .put((byte) origin.length)
                        .put(origin)
                        .putLong(0)
                        .putLong(checkpoint.size())
                        .put(root)
                        .array());
    }

    /// What is signed; empty for a text that cannot be.
    abstract Optional<byte[]> message(String name, String text, long seconds);

    /// Of the octets of a verifier key: the type, then the key.
    static Optional<CosignatureType> of(byte[] typed) {
        return Arrays.stream(values())
                .filter(type -> typed.length == 1 + type.keyLength && typed[0] == type.code)
                .findFirst();
    }

    /// Of a key of the JDK.
    ///
    /// @throws IllegalArgumentException when no cosignature is made with such a key
    static CosignatureType of(PublicKey key) {
        byte[] encoded = key.getEncoded();
        return Arrays.stream(values())
                .filter(type -> encoded.length == type.spki().length + type.keyLength
                        && Arrays.equals(type.spki(), Arrays.copyOf(encoded, type.spki().length)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("checkpoints are cosigned with Ed25519 or ML-DSA-44"));
    }

    private byte[] spki() {
        return HexFormat.of().parseHex(spki);
    }

    byte code() {
        return code;
    }

    String algorithm() {
        return algorithm;
    }

    int signatureLength() {
        return signatureLength;
    }

    byte[] raw(PublicKey key) {
        byte[] encoded = key.getEncoded();
        return Arrays.copyOfRange(encoded, spki().length, encoded.length);
    }

    PublicKey key(byte[] raw) throws GeneralSecurityException {
        return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(Ed25519.concat(spki(), raw)));
    }

    boolean verify(PublicKey key, byte[] message, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (GeneralSecurityException _) {
            return false;
        }
    }
}
