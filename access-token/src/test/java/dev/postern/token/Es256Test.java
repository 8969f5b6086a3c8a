package dev.postern.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Both implementations say the same of everything.
class Es256Test {

    private static final BigInteger ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
    private static final byte[] TEXT = "header.payload".getBytes(StandardCharsets.US_ASCII);

    private static final Optional<Provider> JDK = Optional.empty();
    private final Optional<Provider> boringSsl =
            Optional.of(Es256.nativeProvider().orElseThrow());
    private final KeyPair pair = pair("secp256r1");
    private final ECPublicKey key = (ECPublicKey) pair.getPublic();

    /// One in 256 has an r or s with a leading zero octet, one in two a leading one bit.
    @Test
    void goodSignaturesOfEveryShapeAreTaken() {
        for (int i = 0; i < 1_500; i++) {
            assertThat(Es256.verify(boringSsl, key, TEXT, signature())).isTrue();
        }
        assertThat(Es256.verify(JDK, key, TEXT, signature())).isTrue();
        assertThat(Es256.verify(key, TEXT, signature())).isTrue();
    }

    @Test
    void everyFlippedBitIsRefused() {
        byte[] good = signature();
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] flipped = good.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThat(Es256.verify(boringSsl, key, TEXT, flipped)).isFalse();
        }
        byte[] other = TEXT.clone();
        other[0] ^= 1;
        assertThat(Es256.verify(boringSsl, key, other, good)).isFalse();
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        byte[] good = signature();
        BigInteger r = new BigInteger(1, Arrays.copyOf(good, 32));
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(good, 32, 64));
        BigInteger[] wrong = {BigInteger.ZERO, ORDER, BigInteger.TWO.pow(256).subtract(BigInteger.ONE)};
        for (BigInteger number : wrong) {
            refuse(key, numbers(number, s));
            refuse(key, numbers(r, number));
            refuse(key, numbers(number, number));
        }
        // What verifies as well by the mathematics is not refused by either: no harm, tokens are known by their hash.
        byte[] mirrored = numbers(r, ORDER.subtract(s));
        assertThat(Es256.verify(boringSsl, key, TEXT, mirrored)).isEqualTo(Es256.verify(JDK, key, TEXT, mirrored));
    }

    @Test
    void otherLengthsAndOtherKeysAreRefused() {
        byte[] good = signature();
        refuse(key, new byte[0]);
        refuse(key, Arrays.copyOf(good, 63));
        refuse(key, Arrays.copyOf(good, 65));
        refuse((ECPublicKey) pair("secp256r1").getPublic(), good);
        refuse((ECPublicKey) pair("secp384r1").getPublic(), good);
    }

    private void refuse(ECPublicKey by, byte[] signature) {
        assertThat(Es256.verify(boringSsl, by, TEXT, signature)).isFalse();
        assertThat(Es256.verify(JDK, by, TEXT, signature)).isFalse();
    }

    private static byte[] numbers(BigInteger r, BigInteger s) {
        byte[] both = new byte[64];
        fill(r, both, 32);
        fill(s, both, 64);
        return both;
    }

    private static void fill(BigInteger number, byte[] to, int end) {
        byte[] bytes = number.toByteArray();
        int length = Math.min(32, bytes.length);
        System.arraycopy(bytes, bytes.length - length, to, end - length, length);
    }

    private byte[] signature() {
        try {
            Signature ecdsa = Signature.getInstance("SHA256withECDSAinP1363Format");
            ecdsa.initSign(pair.getPrivate());
            ecdsa.update(TEXT);
            return ecdsa.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair pair(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
