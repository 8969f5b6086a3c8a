package dev.postern.cli.proof;

/// Tells random octets from text, by their Shannon entropy. Good ciphertext cannot be told from random octets; text,
/// JSON, base64 and keys in DER have markedly less.
final class Entropy {
    private static final double MOST_ASKED = 6.6;
    /// What a sample of random octets falls short of the logarithm of its size, generously.
    private static final double SHORTFALL = 0.9;

    private Entropy() {}

    static double bitsPerOctet(byte[] sample) {
        int[] counts = new int[256];
        for (byte octet : sample) {
            counts[Byte.toUnsignedInt(octet)]++;
        }
        double bits = 0;
        for (int count : counts) {
            if (count > 0) {
                double share = (double) count / sample.length;
                bits -= share * Math.log(share) / Math.log(2);
            }
        }
        return bits;
    }

    /// Whether so many octets may be random.
    static boolean mayBeRandom(byte[] sample) {
        return sample.length >= 16
                && bitsPerOctet(sample) >= Math.min(MOST_ASKED, Math.log(sample.length) / Math.log(2) - SHORTFALL);
    }
}
