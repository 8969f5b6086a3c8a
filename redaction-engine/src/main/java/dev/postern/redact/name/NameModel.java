package dev.postern.redact.name;

import dev.postern.redact.data.DataFiles;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// A trained classifier: the classes of words, a weight for each tag of each hashed feature, and one for each pair of
/// neighbouring tags. Immutable.
///
/// Format: `PNM1`, length, then deflated: gazetteer, bits of the table, scale, table, pairs.
final class NameModel {
    private static final int MAGIC = 0x504E4D31;
    private static final int LARGEST = 64 << 20;
    /// Weights of one feature lie side by side, on a round number of bytes.
    static final int ROW = 16;

    private final Gazetteer gazetteer;
    private final byte[] weights;
    private final int bits;
    private final float scale;
    private final float[] pairs;
    private final Lattice.Pairs pairScores = new Lattice.Pairs();

    private NameModel(Gazetteer gazetteer, byte[] weights, int bits, float scale, float[] pairs) {
        this.gazetteer = gazetteer;
        this.weights = weights;
        this.bits = bits;
        this.scale = scale;
        this.pairs = pairs;
        pairScores.set(pairs);
    }

    /// From weights as they were trained, `Tags.COUNT` for each of `1 << bits` features.
    static NameModel of(Gazetteer gazetteer, float[] trained, int bits, float[] pairs) {
        float largest = 0;
        for (float weight : trained) {
            largest = Math.max(largest, Math.abs(weight));
        }
        float scale = Math.min(largest, 6) / 127;
        byte[] weights = new byte[ROW << bits];
        for (int feature = 0; feature < 1 << bits; feature++) {
            for (int tag = 0; tag < Tags.COUNT; tag++) {
                int rounded = Math.round(trained[feature * Tags.COUNT + tag] / scale);
                weights[feature * ROW + tag] = (byte) Math.clamp(rounded, -127, 127);
            }
        }
        return new NameModel(gazetteer, weights, bits, scale, pairs.clone());
    }

    /// The one in the jar.
    static NameModel standard() {
        return read(DataFiles.bytes(NameModel.class, "names.model"));
    }

    Gazetteer gazetteer() {
        return gazetteer;
    }

    Lattice.Pairs pairs() {
        return pairScores;
    }

    /// Adds up the weights of features, per tag.
    ///
    /// @param sums room for [#ROW] numbers
    void score(int[] features, int count, int[] sums, double[] scores) {
        Arrays.fill(sums, 0);
        int shift = Integer.SIZE - bits;
        for (int i = 0; i < count; i++) {
            int row = (features[i] >>> shift) * ROW;
            // The whole row: a loop of a round number is done many at once.
            for (int tag = 0; tag < ROW; tag++) {
                sums[tag] += weights[row + tag];
            }
        }
        for (int tag = 0; tag < Tags.COUNT; tag++) {
            scores[tag] = sums[tag] * (double) scale;
        }
    }

    static NameModel read(byte[] bytes) {
        ByteBuffer header = ByteBuffer.wrap(bytes);
        if (header.remaining() < 8 || header.getInt() != MAGIC) {
            throw new IllegalArgumentException("not a model of names");
        }
        int length = header.getInt();
        if (length < 0 || length > LARGEST) {
            throw new IllegalArgumentException("a model of names may have " + LARGEST + " bytes at most");
        }
        ByteBuffer in = ByteBuffer.wrap(inflate(bytes, length));
        Gazetteer gazetteer = Gazetteer.read(in);
        int bits = in.getInt();
        float scale = in.getFloat();
        byte[] weights = new byte[ROW << bits];
        for (int tag = 0; tag < Tags.COUNT; tag++) {
            for (int feature = 0; feature < 1 << bits; feature++) {
                weights[feature * ROW + tag] = in.get();
            }
        }
        float[] pairs = new float[Tags.COUNT * Tags.COUNT];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = in.getFloat();
        }
        return new NameModel(gazetteer, weights, bits, scale, pairs);
    }

    byte[] toBytes() {
        ByteBuffer out = ByteBuffer.allocate(16 + 7 * gazetteer.size() + weights.length + 4 * pairs.length);
        gazetteer.write(out);
        out.putInt(bits);
        out.putFloat(scale);
        for (int tag = 0; tag < Tags.COUNT; tag++) {
            for (int feature = 0; feature < 1 << bits; feature++) {
                out.put(weights[feature * ROW + tag]);
            }
        }
        for (float pair : pairs) {
            out.putFloat(pair);
        }
        out.flip();
        byte[] packed = deflate(out);
        return ByteBuffer.allocate(8 + packed.length)
                .putInt(MAGIC)
                .putInt(out.limit())
                .put(packed)
                .array();
    }

    private static byte[] deflate(ByteBuffer plain) {
        try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION)) {
            deflater.setInput(plain.duplicate());
            deflater.finish();
            byte[] packed = new byte[plain.limit() + 1024];
            int length = deflater.deflate(packed);
            return Arrays.copyOf(packed, length);
        }
    }

    private static byte[] inflate(byte[] bytes, int length) {
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(bytes, 8, bytes.length - 8);
            byte[] plain = new byte[length];
            int at = 0;
            while (at < length) {
                int read = inflater.inflate(plain, at, length - at);
                if (read == 0) {
                    throw new IllegalArgumentException("the model of names is cut short");
                }
                at += read;
            }
            return plain;
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("the model of names is damaged", e);
        }
    }
}
