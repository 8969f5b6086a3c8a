package dev.postern.token;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.util.Optional;
import org.conscrypt.Conscrypt;

/// Verifies ES256 signatures (RFC 7518 section 3.4): r and s, 32 octets each.
///
/// By BoringSSL where its library loads, which takes a seventh of the JDK's time, otherwise by the JDK. The provider is
/// used by reference and never registered: the process's default TLS and signatures stay what they were.
final class Es256 {

    private static final int NUMBER_BYTES = 32;
    private static final byte DER_SEQUENCE = 0x30;
    private static final byte DER_INTEGER = 0x02;

    private static final Optional<Provider> NATIVE = nativeProvider();

    private Es256() {}

    /// Whether `signature` is one by this key; anything that is wrong with either is a no.
    static boolean verify(ECPublicKey key, byte[] signed, byte[] signature) {
        return NATIVE.isPresent()
                ? verifyNatively(NATIVE.get(), key, signed, signature)
                : verifyByJdk(key, signed, signature);
    }

    static boolean verifyNatively(Provider provider, ECPublicKey key, byte[] signed, byte[] signature) {
        if (signature.length != 2 * NUMBER_BYTES) {
            return false;
        }
        try {
            return verify(Signature.getInstance("SHA256withECDSA", provider), key, signed, der(signature));
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    static boolean verifyByJdk(ECPublicKey key, byte[] signed, byte[] signature) {
        try {
            return signature.length == 2 * NUMBER_BYTES
                    && verify(Signature.getInstance("SHA256withECDSAinP1363Format"), key, signed, signature);
        } catch (GeneralSecurityException _) {
            // A key of another curve, or r and s out of range: not a signature by this key.
            return false;
        }
    }

    private static boolean verify(Signature ecdsa, ECPublicKey key, byte[] signed, byte[] signature)
            throws GeneralSecurityException {
        ecdsa.initVerify(key);
        ecdsa.update(signed);
        return ecdsa.verify(signature);
    }

    static Optional<Provider> nativeProvider() {
        try {
            return Optional.of(Conscrypt.newProvider());
        } catch (LinkageError _) {
            // No library for this platform.
            return Optional.empty();
        }
    }

    /// SEQUENCE { INTEGER r, INTEGER s } (RFC 3279 section 2.2.3).
    private static byte[] der(byte[] signature) {
        int first = length(signature, 0);
        int second = length(signature, NUMBER_BYTES);
        byte[] der = new byte[2 + 2 + first + 2 + second];
        der[0] = DER_SEQUENCE;
        der[1] = (byte) (der.length - 2);
        write(signature, 0, first, der, 2);
        write(signature, NUMBER_BYTES, second, der, 4 + first);
        return der;
    }

    /// Octets of the shortest two's complement form of a number that is not negative.
    private static int length(byte[] numbers, int from) {
        int zeros = 0;
        while (zeros < NUMBER_BYTES - 1 && numbers[from + zeros] == 0) {
            zeros++;
        }
        return NUMBER_BYTES - zeros + (numbers[from + zeros] < 0 ? 1 : 0);
    }

    private static void write(byte[] numbers, int from, int length, byte[] der, int to) {
        der[to] = DER_INTEGER;
        der[to + 1] = (byte) length;
        int copied = Math.min(length, NUMBER_BYTES);
        System.arraycopy(numbers, from + NUMBER_BYTES - copied, der, to + 2 + length - copied, copied);
    }
}
