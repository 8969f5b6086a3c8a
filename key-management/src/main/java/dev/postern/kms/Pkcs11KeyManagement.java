package dev.postern.kms;

import dev.postern.kms.KeyManagementException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidParameterException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Security;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/// Key management in a hardware security module, or in anything else that speaks PKCS#11, through the JDK's SunPKCS11.
///
/// Guarantees: keys are born in the token, sensitive and not extractable, and work there: AES-256-GCM for wrapping,
/// ECDSA on P-256 for signing. An object per version, labelled `name.kind.version`.
///
/// Not guaranteed: Ed25519, which SunPKCS11 does not speak: such a key is refused, never made in software instead. A
/// secret passes through this process' memory while it is rewrapped, as while it is wrapped. Of two processes that make
/// the same key in the same token at once, both versions stay: let one service own a token, or a name.
///
/// Safe for any thread: one lock guards the token's list of keys; work with a key runs outside it.
public final class Pkcs11KeyManagement implements KeyManagement {
    private static final int AES_BITS = 256;
    private static final Pattern LABEL = Pattern.compile("([a-z0-9-]+)\\.([a-z0-9_]+)\\.([1-9][0-9]{0,8})");

    private final Provider provider;
    private final KeyStore token;
    private final SecureRandom random;
    private final Object lock = new Object();

    private Pkcs11KeyManagement(Provider provider, KeyStore token, SecureRandom random) {
        this.provider = provider;
        this.token = token;
        this.random = random;
    }

    /// Logs in.
    ///
    /// @throws KeyManagementException with one sentence: no such library, no token in that slot, or a wrong PIN
    public static Pkcs11KeyManagement open(Pkcs11Settings settings, SecureRandom random) {
        if (!Files.isReadable(settings.library())) {
            throw new KeyManagementException(
                    Reason.UNAVAILABLE, "The PKCS#11 library " + settings.library() + " cannot be read.");
        }
        char[] pin = pin(settings);
        try {
            Provider provider = provider(settings);
            KeyStore token = KeyStore.getInstance("PKCS11", provider);
            token.load(null, pin);
            return new Pkcs11KeyManagement(provider, token, random);
        } catch (IOException e) {
            throw new KeyManagementException(
                    Reason.DENIED, "The token does not open: the PIN in " + settings.pinFile() + " is not its PIN.", e);
        } catch (GeneralSecurityException | ProviderException | InvalidParameterException e) {
            throw new KeyManagementException(
                    Reason.UNAVAILABLE,
                    "There is no token in slot " + settings.slotIndex() + " of " + settings.library() + ".",
                    e);
        } finally {
            Arrays.fill(pin, ' ');
        }
    }

    private static char[] pin(Pkcs11Settings settings) {
        try {
            return Files.readString(settings.pinFile()).strip().toCharArray();
        } catch (IOException e) {
            throw new KeyManagementException(
                    Reason.UNAVAILABLE, "The PIN file " + settings.pinFile() + " cannot be read.", e);
        }
    }

    private static Provider provider(Pkcs11Settings settings) {
        // The leading -- says that what follows is the configuration, not the name of a file with it.
        return Security.getProvider("SunPKCS11").configure("""
                --name = postern
                library = %s
                slotListIndex = %d
                attributes(generate, CKO_SECRET_KEY, CKK_AES) = {
                  CKA_SENSITIVE = true
                  CKA_EXTRACTABLE = false
                }
                attributes(generate, CKO_PRIVATE_KEY, CKK_EC) = {
                  CKA_SENSITIVE = true
                  CKA_EXTRACTABLE = false
                }
                """.formatted(settings.library(), settings.slotIndex()));
    }

    @Override
    public byte[] wrap(KeyName key, byte[] plaintext, byte[] context) {
        require(key, KeyKind.WRAPPING);
        int version = newest(key);
        try {
            byte[] sealed = Aes256Gcm.seal(
                    secret(key, version), plaintext, associated(key, version, context), random, provider);
            return WrappedValue.encode(WrappedValue.Form.PKCS11, version, sealed);
        } catch (GeneralSecurityException | ProviderException e) {
            throw broken(key, e);
        }
    }

    @Override
    public byte[] unwrap(KeyName key, byte[] wrapped, byte[] context) {
        require(key, KeyKind.WRAPPING);
        NavigableMap<Integer, String> versions = known(key);
        WrappedValue value =
                WrappedValue.parse(wrapped, WrappedValue.Form.PKCS11).orElseThrow(() -> notAuthentic(key, null));
        version(key, versions, value.version(), Reason.NOT_AUTHENTIC);
        try {
            return Aes256Gcm.open(
                    secret(key, value.version()), value.sealed(), associated(key, value.version(), context), provider);
        } catch (GeneralSecurityException | ProviderException e) {
            // Tokens tell an altered value by error codes of their own; one that still opens what it seals is there.
            requireWorking(key, value.version());
            throw notAuthentic(key, e);
        }
    }

    private void requireWorking(KeyName key, int version) {
        byte[] nothing = new byte[0];
        try {
            SecretKey secret = secret(key, version);
            byte[] sealed = Aes256Gcm.seal(secret, nothing, nothing, random, provider);
            var _ = Aes256Gcm.open(secret, sealed, nothing, provider);
        } catch (GeneralSecurityException | ProviderException e) {
            throw broken(key, e);
        }
    }

    @Override
    public byte[] rewrap(KeyName key, byte[] wrapped, byte[] context) {
        byte[] plaintext = unwrap(key, wrapped, context);
        try {
            return wrap(key, plaintext, context);
        } finally {
            Arrays.fill(plaintext, (byte) 0);
        }
    }

    @Override
    public byte[] sign(KeyName key, byte[] message) {
        require(key, KeyKind.SIGNING_P256);
        int version = newest(key);
        try {
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format", provider);
            signature.initSign((PrivateKey) object(key, version));
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException | ProviderException e) {
            throw broken(key, e);
        }
    }

    @Override
    public PublicKey publicKey(KeyName key) {
        require(key, KeyKind.SIGNING_P256);
        return open(key, newest(key));
    }

    @Override
    public PublicKey publicKey(KeyName key, int version) {
        require(key, KeyKind.SIGNING_P256);
        version(key, known(key), version, Reason.UNKNOWN_KEY);
        return open(key, version);
    }

    @Override
    public KeyVersions versions(KeyName key) {
        return range(known(key));
    }

    @Override
    public KeyVersions rotate(KeyName key) {
        synchronized (lock) {
            generate(key, known(key).lastKey() + 1);
            return range(known(key));
        }
    }

    @Override
    public KeyVersions destroyBefore(KeyName key, int oldest) {
        synchronized (lock) {
            NavigableMap<Integer, String> versions = known(key);
            range(versions).requireCanBeginAt(oldest);
            for (String label : versions.headMap(oldest).values()) {
                try {
                    token.deleteEntry(label);
                } catch (KeyStoreException | ProviderException e) {
                    throw broken(key, e);
                }
            }
            return range(known(key));
        }
    }

    /// Makes the key where there is none.
    private int newest(KeyName key) {
        synchronized (lock) {
            NavigableMap<Integer, String> versions = labels(key);
            if (versions.isEmpty()) {
                generate(key, 1);
                return 1;
            }
            return versions.lastKey();
        }
    }

    private NavigableMap<Integer, String> known(KeyName key) {
        NavigableMap<Integer, String> versions = labels(key);
        if (versions.isEmpty()) {
            throw new KeyManagementException(
                    Reason.UNKNOWN_KEY, "The token has no key " + key.value() + ": it is not the one that made it.");
        }
        return versions;
    }

    private NavigableMap<Integer, String> labels(KeyName key) {
        NavigableMap<Integer, String> versions = new TreeMap<>();
        synchronized (lock) {
            try {
                for (String label : Collections.list(token.aliases())) {
                    Matcher parts = LABEL.matcher(label);
                    if (parts.matches() && label.equals(label(key, Integer.parseInt(parts.group(3))))) {
                        versions.put(Integer.parseInt(parts.group(3)), label);
                    }
                }
            } catch (KeyStoreException | ProviderException e) {
                throw broken(key, e);
            }
        }
        return versions;
    }

    private static String label(KeyName key, int version) {
        return key.value() + "." + key.kind().name().toLowerCase(java.util.Locale.ROOT) + "." + version;
    }

    private void generate(KeyName key, int version) {
        String label = label(key, version);
        try {
            switch (key.kind()) {
                case WRAPPING -> {
                    KeyGenerator generator = KeyGenerator.getInstance("AES", provider);
                    generator.init(AES_BITS);
                    token.setKeyEntry(label, generator.generateKey(), null, null);
                }
                case SIGNING_P256 -> {
                    KeyPair pair = pair();
                    Certificate certificate = SelfSigned.of(pair, label, provider);
                    token.setKeyEntry(label, pair.getPrivate(), null, new Certificate[] {certificate});
                }
                case SIGNING_ED25519 -> throw wrongKind(key);
            }
        } catch (GeneralSecurityException | ProviderException e) {
            throw broken(key, e);
        }
    }

    private KeyPair pair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", provider);
        try {
            generator.initialize(new ECGenParameterSpec("secp256r1"));
        } catch (InvalidAlgorithmParameterException e) {
            throw new GeneralSecurityException("the token knows no P-256", e);
        }
        return generator.generateKeyPair();
    }

    private SecretKey secret(KeyName key, int version) {
        return (SecretKey) object(key, version);
    }

    private Key object(KeyName key, int version) {
        synchronized (lock) {
            try {
                Key object = token.getKey(label(key, version), null);
                if (object == null) {
                    throw new KeyManagementException(
                            Reason.UNAVAILABLE,
                            "The token does not show key " + key.value()
                                    + " any more: it was logged out, or taken away.");
                }
                return object;
            } catch (GeneralSecurityException | ProviderException e) {
                throw broken(key, e);
            }
        }
    }

    private PublicKey open(KeyName key, int version) {
        synchronized (lock) {
            try {
                return token.getCertificate(label(key, version)).getPublicKey();
            } catch (KeyStoreException | ProviderException e) {
                throw broken(key, e);
            }
        }
    }

    private static void version(KeyName key, NavigableMap<Integer, String> versions, int version, Reason neverMade) {
        if (versions.containsKey(version)) {
            return;
        }
        if (version >= 1 && version < versions.firstKey()) {
            throw new KeyManagementException(
                    Reason.DESTROYED_VERSION, "Version " + version + " of key " + key.value() + " was destroyed.");
        }
        throw new KeyManagementException(neverMade, "The key " + key.value() + " never had a version " + version + ".");
    }

    private static KeyVersions range(NavigableMap<Integer, String> versions) {
        return new KeyVersions(versions.firstKey(), versions.lastKey());
    }

    private static void require(KeyName key, KeyKind kind) {
        if (key.kind() != kind) {
            throw wrongKind(key);
        }
    }

    private static KeyManagementException wrongKind(KeyName key) {
        return new KeyManagementException(
                Reason.WRONG_KIND,
                "The key " + key.value() + " is of kind " + key.kind()
                        + (key.kind() == KeyKind.SIGNING_ED25519
                                ? ", which PKCS#11 tokens do not offer through the JDK."
                                : " and does other work."));
    }

    private static KeyManagementException notAuthentic(KeyName key, @Nullable Exception cause) {
        String sentence = "The value was altered, or not wrapped by key " + key.value() + " for this use.";
        return cause == null
                ? new KeyManagementException(Reason.NOT_AUTHENTIC, sentence)
                : new KeyManagementException(Reason.NOT_AUTHENTIC, sentence, cause);
    }

    private static KeyManagementException broken(KeyName key, Exception cause) {
        return new KeyManagementException(
                Reason.UNAVAILABLE, "The token did not do its work with key " + key.value() + ".", cause);
    }

    private static byte[] associated(KeyName key, int version, byte[] context) {
        return WrappedValue.associated(WrappedValue.Form.PKCS11, key, version, context);
    }
}
