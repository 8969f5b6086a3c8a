package dev.postern.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SecretSharingTest {
    /// FIPS 197, sections 4.2 and 4.2.1.
    @Test
    void productsWhenOfAesThenAreItsKnownAnswers() {
        assertThat(SecretSharing.times(0x57, 0x83)).isEqualTo(0xC1);
        assertThat(SecretSharing.times(0x57, 0x13)).isEqualTo(0xFE);
        assertThat(SecretSharing.times(0x57, 0x10)).isEqualTo(0x07);
    }

    /// Against long multiplication and division of polynomials.
    @Test
    void productsWhenOfAnyTwoOctetsThenAreThoseOfLongDivision() {
        for (int a = 0; a < 256; a++) {
            for (int b = 0; b < 256; b++) {
                BigInteger product = BigInteger.ZERO;
                for (int bit = 0; bit < 8; bit++) {
                    if (((b >> bit) & 1) == 1) {
                        product = product.xor(BigInteger.valueOf((long) a << bit));
                    }
                }
                while (product.bitLength() > 8) {
                    product = product.xor(BigInteger.valueOf(0x11BL << (product.bitLength() - 9)));
                }
                assertThat(SecretSharing.times(a, b)).isEqualTo(product.intValue());
            }
        }
    }

    @Test
    void inverseWhenMultipliedThenGivesOne() {
        for (int octet = 1; octet < 256; octet++) {
            assertThat(SecretSharing.times(octet, SecretSharing.inverse(octet))).isEqualTo(1);
        }
    }

    @Test
    void joinWhenAnyTwoOfThemThenGivesTheSecret() {
        byte[] secret = new byte[32];
        Random random = new Random(7);
        for (int count : new int[] {2, 3, 16, 255}) {
            random.nextBytes(secret);
            byte[][] shares = SecretSharing.split(secret, count, random);
            for (int one = 1; one <= count; one += 1 + count / 20) {
                for (int other = 1; other <= count; other++) {
                    if (one != other) {
                        assertThat(SecretSharing.join(one, shares[one - 1], other, shares[other - 1]))
                                .isEqualTo(secret);
                    }
                }
            }
        }
    }

    /// Each value of a share is met for each value of the secret: one share says nothing.
    @Test
    void shareWhenAloneThenFitsEverySecret() {
        for (int secret : new int[] {0, 1, 0x80, 0xFF}) {
            for (int x = 1; x <= 3; x++) {
                Set<Integer> met = new HashSet<>();
                for (int slope = 0; slope < 256; slope++) {
                    met.add(secret ^ SecretSharing.times(slope, x));
                }
                assertThat(met).hasSize(256);
            }
        }
    }

    @Test
    void joinWhenOneShareTwiceOrOfTwoLengthsThenIsRefused() {
        assertThatThrownBy(() -> SecretSharing.join(1, new byte[1], 1, new byte[1]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SecretSharing.join(1, new byte[1], 2, new byte[2]))
                .isInstanceOf(IllegalArgumentException.class);
        for (int count : new int[] {-1, 0, 1, 256}) {
            assertThatThrownBy(() -> SecretSharing.split(new byte[1], count, new Random(1)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
