package dev.postern.session;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import org.conscrypt.Conscrypt;
import org.conscrypt.HpkeContextRecipient;
import org.conscrypt.HpkeContextSender;
import org.conscrypt.OpenSSLX25519PrivateKey;
import org.conscrypt.OpenSSLX25519PublicKey;
import org.conscrypt.OpenSslXwingPrivateKey;
import org.conscrypt.OpenSslXwingPublicKey;

/// HPKE base mode with export (RFC 9180), by Conscrypt.
///
/// The provider is used by reference and never registered: the process's default TLS and signatures stay what they
/// were.
final class Hpke {
    private static final Provider CONSCRYPT = Conscrypt.newProvider();

    private Hpke() {}

    /// A fresh key pair, from BoringSSL's generator.
    static KemKeyPair generate(Suite suite) {
        try {
            KeyPair pair = switch (suite) {
                case X_WING -> KeyPairGenerator.getInstance("XWING", CONSCRYPT).generateKeyPair();
                case X25519 -> KeyPairGenerator.getInstance("XDH", CONSCRYPT).generateKeyPair();
            };
            return new KemKeyPair(suite, rawPublicKey(pair.getPublic()), pair.getPrivate());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Conscrypt has no " + suite, e);
        }
    }

    /// A key pair from its serialized halves (RFC 9180 s4.1), as known answers give them.
    static KemKeyPair keyPair(Suite suite, byte[] publicKey, byte[] privateKey) {
        PrivateKey key = switch (suite) {
            case X_WING -> new OpenSslXwingPrivateKey(privateKey.clone());
            case X25519 -> new OpenSSLX25519PrivateKey(privateKey.clone());
        };
        return new KemKeyPair(suite, publicKey.clone(), key);
    }

    /// Encapsulates to a public key.
    ///
    /// @throws InvalidKeyException when the octets are no usable public key of the suite
    static HpkeContextSender sender(Suite suite, byte[] publicKey, byte[] info) throws InvalidKeyException {
        HpkeContextSender sender = newSender(suite);
        try {
            sender.init(publicKey(suite, publicKey), info);
        } catch (RuntimeException e) {
            // What BoringSSL refuses Conscrypt tells by whatever unchecked exception.
            throw new InvalidKeyException("unusable public key", e);
        }
        return sender;
    }

    /// Encapsulates with given randomness: for known answers only, since equal randomness means equal keys.
    static HpkeContextSender insecureDeterministicSender(Suite suite, byte[] publicKey, byte[] info, byte[] randomness)
            throws InvalidKeyException {
        HpkeContextSender sender = newSender(suite);
        sender.initForTesting(publicKey(suite, publicKey), info, randomness);
        return sender;
    }

    /// Decapsulates.
    ///
    /// @throws GeneralSecurityException when the encapsulation or the key is unusable
    static HpkeContextRecipient recipient(KemKeyPair key, byte[] encapsulation, byte[] info)
            throws GeneralSecurityException {
        HpkeContextRecipient recipient =
                HpkeContextRecipient.getInstance(key.suite().conscryptName(), CONSCRYPT);
        try {
            recipient.init(encapsulation, key.privateKey(), info);
        } catch (RuntimeException e) {
            // As above; a low-order point, for instance, is a plain RuntimeException.
            throw new InvalidKeyException("unusable encapsulation", e);
        }
        return recipient;
    }

    private static HpkeContextSender newSender(Suite suite) {
        try {
            return HpkeContextSender.getInstance(suite.conscryptName(), CONSCRYPT);
        } catch (NoSuchAlgorithmException | NoSuchProviderException e) {
            throw new IllegalStateException("this Conscrypt has no " + suite, e);
        }
    }

    private static PublicKey publicKey(Suite suite, byte[] raw) throws InvalidKeyException {
        if (raw.length != suite.publicKeyLength()) {
            throw new InvalidKeyException("a public key of " + suite + " has " + suite.publicKeyLength() + " octets");
        }
        return switch (suite) {
            case X_WING -> new OpenSslXwingPublicKey(raw);
            case X25519 -> new OpenSSLX25519PublicKey(raw);
        };
    }

    private static byte[] rawPublicKey(PublicKey key) {
        return switch (key) {
            case OpenSslXwingPublicKey xwing -> xwing.getRaw();
            case OpenSSLX25519PublicKey x25519 -> x25519.getU();
            default -> throw new IllegalStateException("unexpected key class " + key.getClass());
        };
    }
}
