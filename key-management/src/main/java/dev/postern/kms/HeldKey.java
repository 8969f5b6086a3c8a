package dev.postern.kms;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// A key in memory, ready to use. Prints nothing.
sealed interface HeldKey {
    int AES_BYTES = 32;

    record Wrapping(SecretKey secret) implements HeldKey {
        @Override
        public String toString() {
            return "Wrapping[hidden]";
        }
    }

    record Signing(KeyKind kind, PrivateKey secret, PublicKey open) implements HeldKey {
        @Override
        public String toString() {
            return "Signing[hidden]";
        }
    }

    static HeldKey generate(KeyKind kind, SecureRandom random) throws GeneralSecurityException {
        return switch (kind) {
            case WRAPPING -> {
                byte[] material = new byte[AES_BYTES];
                random.nextBytes(material);
                yield new Wrapping(new SecretKeySpec(material, "AES"));
            }
            case SIGNING_ED25519 -> signing(kind, KeyPairGenerator.getInstance("Ed25519"), random);
            case SIGNING_P256 -> signing(kind, KeyPairGenerator.getInstance("EC"), random);
        };
    }

    private static Signing signing(KeyKind kind, KeyPairGenerator generator, SecureRandom random)
            throws GeneralSecurityException {
        if (kind == KeyKind.SIGNING_P256) {
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        } else {
            generator.initialize(255, random);
        }
        KeyPair pair = generator.generateKeyPair();
        return new Signing(kind, pair.getPrivate(), pair.getPublic());
    }

    /// From the bytes that [#secretBytes] and [#openBytes] gave.
    static HeldKey restore(KeyKind kind, byte[] secret, byte[] open) throws GeneralSecurityException {
        return switch (kind) {
            case WRAPPING -> {
                if (secret.length != AES_BYTES) {
                    throw new GeneralSecurityException("a wrapping key has 32 bytes");
                }
                yield new Wrapping(new SecretKeySpec(secret, "AES"));
            }
            case SIGNING_ED25519 -> restore(kind, KeyFactory.getInstance("Ed25519"), secret, open);
            case SIGNING_P256 -> restore(kind, KeyFactory.getInstance("EC"), secret, open);
        };
    }

    private static Signing restore(KeyKind kind, KeyFactory factory, byte[] secret, byte[] open)
            throws GeneralSecurityException {
        return new Signing(
                kind,
                factory.generatePrivate(new PKCS8EncodedKeySpec(secret)),
                factory.generatePublic(new X509EncodedKeySpec(open)));
    }

    default byte[] secretBytes() {
        return switch (this) {
            case Wrapping wrapping -> wrapping.secret().getEncoded();
            case Signing signing -> signing.secret().getEncoded();
        };
    }

    default byte[] openBytes() {
        return switch (this) {
            case Wrapping _ -> new byte[0];
            case Signing signing -> signing.open().getEncoded();
        };
    }
}
