package dev.postern.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

    /// Gives each octet of a slope every value in turn: `turn` and up, one more an octet.
    private static RandomGenerator enumerating(int turn) {
        return new Random() {
            private static final long serialVersionUID = 1L;

            @Override
            public void nextBytes(byte[] octets) {
                for (int i = 0; i < octets.length; i++) {
                    octets[i] = (byte) (turn + i);
                }
            }
        };
    }

    /// Over all that the random source can say, each octet of each share takes each value once, whatever the secret is:
    /// one share says nothing.
    @Test
    void shareWhenAloneThenFitsEverySecret() {
        int count = 16;
        for (int octet : new int[] {0, 1, 0x80, 0xFF}) {
            byte[] secret = {(byte) octet, (byte) ~octet};
            List<Set<Byte>> met = Stream.generate(() -> (Set<Byte>) new HashSet<Byte>())
                    .limit(2L * count)
                    .toList();
            for (int turn = 0; turn < 256; turn++) {
                byte[][] shares = SecretSharing.split(secret, count, enumerating(turn));
                for (int share = 0; share < count; share++) {
                    met.get(2 * share).add(shares[share][0]);
                    met.get(2 * share + 1).add(shares[share][1]);
                }
            }
            assertThat(met).allSatisfy(values -> assertThat(values).hasSize(256));
        }
    }

    /// One slope for two octets would tell how they differ.
    @Test
    void splitWhenOfAnyLengthThenDrawsASlopeForEachOctet() {
        byte[] secret = new byte[32];
        assertThat(SecretSharing.split(secret, 2, enumerating(0))[0])
                .as("share 1 of zeros is the slopes themselves")
                .containsExactly(IntStream.range(0, 32).toArray());
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
