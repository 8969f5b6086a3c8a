package dev.postern.redact.check;

/// Keccak-256 as Ethereum uses it: the padding of the original submission, not SHA-3's. One block only, which an
/// address is.
final class Keccak256 {
    private static final int RATE = 136;
    private static final long[] ROUND_CONSTANTS = {
        0x0000000000000001L, 0x0000000000008082L, 0x800000000000808aL, 0x8000000080008000L, 0x000000000000808bL,
        0x0000000080000001L, 0x8000000080008081L, 0x8000000000008009L, 0x000000000000008aL, 0x0000000000000088L,
        0x0000000080008009L, 0x000000008000000aL, 0x000000008000808bL, 0x800000000000008bL, 0x8000000000008089L,
        0x8000000000008003L, 0x8000000000008002L, 0x8000000000000080L, 0x000000000000800aL, 0x800000008000000aL,
        0x8000000080008081L, 0x8000000000008080L, 0x0000000080000001L, 0x8000000080008008L
    };
    private static final int[] ROTATIONS = {
        1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44
    };
    private static final int[] LANES = {
        10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1
    };

    private Keccak256() {}

    static byte[] of(byte[] message) {
        if (message.length >= RATE) {
            throw new IllegalArgumentException("one block only");
        }
        long[] state = new long[25];
        for (int i = 0; i < message.length; i++) {
            state[i / 8] ^= (message[i] & 0xffL) << (8 * (i % 8));
        }
        state[message.length / 8] ^= 1L << (8 * (message.length % 8));
        state[(RATE - 1) / 8] ^= 0x80L << 56;
        permute(state);
        byte[] hash = new byte[32];
        for (int i = 0; i < hash.length; i++) {
            hash[i] = (byte) (state[i / 8] >>> (8 * (i % 8)));
        }
        return hash;
    }

    private static void permute(long[] state) {
        long[] columns = new long[5];
        for (long constant : ROUND_CONSTANTS) {
            for (int x = 0; x < 5; x++) {
                columns[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20];
            }
            for (int x = 0; x < 5; x++) {
                long mixed = columns[(x + 4) % 5] ^ Long.rotateLeft(columns[(x + 1) % 5], 1);
                for (int y = 0; y < 25; y += 5) {
                    state[x + y] ^= mixed;
                }
            }
            long carried = state[1];
            for (int i = 0; i < LANES.length; i++) {
                long kept = state[LANES[i]];
                state[LANES[i]] = Long.rotateLeft(carried, ROTATIONS[i]);
                carried = kept;
            }
            for (int y = 0; y < 25; y += 5) {
                System.arraycopy(state, y, columns, 0, 5);
                for (int x = 0; x < 5; x++) {
                    state[y + x] ^= ~columns[(x + 1) % 5] & columns[(x + 2) % 5];
                }
            }
            state[0] ^= constant;
        }
    }
}
