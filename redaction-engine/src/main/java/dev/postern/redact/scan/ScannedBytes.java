package dev.postern.redact.scan;

import dev.postern.redact.pack.PatternShape;
import java.util.BitSet;

/// Text as a scanner of bytes sees it: one byte for each UTF-16 unit, so that offsets are the same. ASCII is itself;
/// what lies beyond shares 128 bytes, seven bits of the unit each. A scanner of these bytes may see too much, never too
/// little.
final class ScannedBytes {
    private static final int VALUES = 256;
    private static final int ASCII = 128;

    private ScannedBytes() {}

    static byte of(char c) {
        return (byte) (c < ASCII ? c : ASCII | (c & (ASCII - 1)));
    }

    /// Every byte that a character of this set may become.
    static BitSet of(PatternShape.One one) {
        BitSet bytes = new BitSet(VALUES);
        for (char c = 0; c < ASCII; c++) {
            bytes.set(c, one.takes(c));
        }
        bytes.set(ASCII, VALUES, one.takes((char) ASCII));
        return bytes;
    }

    /// Every byte but these characters; of those beyond ASCII, all.
    static BitSet not(String ranges) {
        BitSet bytes = new BitSet(VALUES);
        bytes.set(0, VALUES);
        for (int i = 0; i < ranges.length(); i += 2) {
            bytes.clear(ranges.charAt(i), ranges.charAt(i + 1) + 1);
        }
        return bytes;
    }

    /// An expression for one of some bytes.
    static String expression(BitSet bytes) {
        StringBuilder expression = new StringBuilder();
        for (int from = bytes.nextSetBit(0); from >= 0; ) {
            int to = bytes.nextClearBit(from) - 1;
            expression.append(escaped(from));
            if (to > from) {
                expression.append('-').append(escaped(to));
            }
            from = bytes.nextSetBit(to + 1);
        }
        return bytes.cardinality() == 1 ? expression.toString() : "[" + expression + "]";
    }

    private static String escaped(int value) {
        return "\\x" + Character.forDigit(value >> 4, 16) + Character.forDigit(value & 15, 16);
    }
}
