package dev.postern.archive;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/// Shamir's secret sharing (1979) with a threshold of two, octet by octet over GF(2^8) with AES's polynomial
/// x^8+x^4+x^3+x+1: share `x` of the octet `s` is `s + a*x`, with `a` drawn anew for each octet.
///
/// Guarantee: two shares of different `x` give the secret; one, whichever, says nothing of it (for each secret there is
/// one `a` that fits). Multiplication takes the same time whatever the octets are. Not guaranteed: that shares are
/// genuine; what the secret opens tells.
final class SecretSharing {
    private static final int POLYNOMIAL = 0x1B;
    /// a^254 = a^-1.
    private static final int INVERSE_EXPONENT = 254;

    private SecretSharing() {}

    /// Splits into shares `1` to `count`.
    ///
    /// @param count 2 to 255
    /// @param random of cryptographic quality
    static byte[][] split(byte[] secret, int count, RandomGenerator random) {
        if (count < 2 || count > 255) {
            throw new IllegalArgumentException("a secret is split into 2 to 255 shares");
        }
        byte[] slope = new byte[secret.length];
        random.nextBytes(slope);
        byte[][] shares = new byte[count][secret.length];
        for (int x = 1; x <= count; x++) {
            for (int i = 0; i < secret.length; i++) {
                shares[x - 1][i] = (byte) (secret[i] ^ times(slope[i], x));
            }
        }
        Arrays.fill(slope, (byte) 0);
        return shares;
    }

    /// Puts two shares together: the line through both, at 0.
    ///
    /// @param x of the first share, as [#split] counted
    static byte[] join(int x, byte[] first, int otherX, byte[] other) {
        if (x == otherX || first.length != other.length) {
            throw new IllegalArgumentException("a secret needs two shares, of one length");
        }
        // Lagrange at 0: s = f(x) * x'/(x + x') + f(x') * x/(x + x').
        int inverse = inverse(x ^ otherX);
        int weight = times(otherX, inverse);
        int otherWeight = times(x, inverse);
        byte[] secret = new byte[first.length];
        for (int i = 0; i < secret.length; i++) {
            secret[i] = (byte) (times(first[i], weight) ^ times(other[i], otherWeight));
        }
        return secret;
    }

    /// No branch and no table depends on the octets.
    static int times(int one, int other) {
        int a = one & 0xFF;
        int b = other & 0xFF;
        int product = 0;
        for (int bit = 0; bit < 8; bit++) {
            product ^= a & -((b >> bit) & 1);
            a = ((a << 1) ^ (POLYNOMIAL & -(a >> 7))) & 0xFF;
        }
        return product;
    }

    static int inverse(int octet) {
        int inverse = 1;
        for (int bit = 7; bit >= 0; bit--) {
            inverse = times(inverse, inverse);
            if (((INVERSE_EXPONENT >> bit) & 1) == 1) {
                inverse = times(inverse, octet);
            }
        }
        return inverse;
    }
}
