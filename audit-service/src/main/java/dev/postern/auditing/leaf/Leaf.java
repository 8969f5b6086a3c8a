package dev.postern.auditing.leaf;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One leaf: a clear header of two bytes `version kind`, then the body.
///
/// Version 1 is *not sealed*: the body is canonical JSON in the clear. A shard's first and last leaf are of this form,
/// and hold only what is public. Earlier releases wrote events so as well; now these are sealed
/// ([dev.postern.audit.leaf.SealedLeaf]). Readers tell
/// them apart by the first byte, and both can stand in one log.
///
/// @param kind  what the body is
/// @param body  canonical JSON
@SuppressWarnings("ArrayRecordComponent") // Made once, encoded or read once; never compared.
public record Leaf(Kind kind, byte[] body) {

    /// The first byte of every leaf of this form.
    public static final byte CLEAR_VERSION = 1;

    /// Bytes before the body.
    public static final int HEADER = 2;

    /// What a leaf says.
    public enum Kind {
        /// A producer's event: its CloudEvents envelope.
        EVENT(1),
        /// First leaf of a shard: names the shard before and its final checkpoint.
        OPENING(2),
        /// Last leaf of a shard: nothing follows.
        CLOSING(3);

        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }

        private static @Nullable Kind of(byte code) {
            return Arrays.stream(values())
                    .filter(kind -> kind.code == code)
                    .findFirst()
                    .orElse(null);
        }
    }

    public byte[] bytes() {
        byte[] bytes = new byte[HEADER + body.length];
        bytes[0] = CLEAR_VERSION;
        bytes[1] = kind.code;
        System.arraycopy(body, 0, bytes, HEADER, body.length);
        return bytes;
    }

    /// Empty for a version or kind that this service does not know.
    public static Optional<Leaf> parse(byte[] bytes) {
        if (bytes.length < HEADER || bytes[0] != CLEAR_VERSION) {
            return Optional.empty();
        }
        return Optional.ofNullable(Kind.of(bytes[1]))
                .map(kind -> new Leaf(kind, Arrays.copyOfRange(bytes, HEADER, bytes.length)));
    }
}
