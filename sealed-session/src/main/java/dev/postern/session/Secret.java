package dev.postern.session;

import java.io.NotSerializableException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/// Key octets that can be erased, that print nothing and that are compared in constant time.
///
/// It is a [SecretKey] so that the JDK's primitives take it as it is: `SecretKeySpec` cannot be destroyed. What the
/// JDK derives from it (round keys in a `Cipher`) is the JDK's and lives until that object is collected; this class
/// answers for its own copy only.
final class Secret implements SecretKey, AutoCloseable {
    private static final long serialVersionUID = 1L;

    private final String algorithm;
    private final transient byte[] octets;
    private transient boolean erased;

    private Secret(String algorithm, byte[] octets) {
        this.algorithm = algorithm;
        this.octets = octets;
    }

    /// Takes the array over: the caller keeps no copy.
    static Secret owning(byte[] octets) {
        return new Secret("Generic", octets);
    }

    /// Takes the array over as an AES key.
    static Secret aes(byte[] octets) {
        return new Secret("AES", octets);
    }

    @Override
    public String getAlgorithm() {
        return algorithm;
    }

    @Override
    public String getFormat() {
        return "RAW";
    }

    /// A fresh copy, for the JDK's primitives, which erase theirs after use.
    @Override
    public byte[] getEncoded() {
        if (erased) {
            throw new IllegalStateException("the key was erased");
        }
        return octets.clone();
    }

    @Override
    public void destroy() {
        Arrays.fill(octets, (byte) 0);
        erased = true;
    }

    @Override
    public boolean isDestroyed() {
        return erased;
    }

    @Override
    public void close() {
        destroy();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Secret secret && MessageDigest.isEqual(octets, secret.octets);
    }

    /// The same for every key: a hash of a key is a fact about the key.
    @Override
    public int hashCode() {
        return 1;
    }

    @Override
    public String toString() {
        return "Secret[]";
    }

    private Object writeReplace() throws NotSerializableException {
        throw new NotSerializableException("a key does not leave memory");
    }
}
