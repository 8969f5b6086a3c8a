package dev.postern.audit.leaf;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;

/// A sealed event as the log holds it.
///
/// ```
/// octet  0      version, 2
///        1      kind: 1, an event
///        2..3   0
///        4..7   epoch: days since 1970-01-01, big-endian
///        8..11  id of the epoch's keys
///       12..27  salt
///       28..59  commitment to the leaf's key
///       60..    ciphertext and tag of AES-256-GCM; octets 0 to 59 are authenticated with it
/// ```
///
/// The plaintext is `length (2) ‖ event ‖ zeros` up to a size class, so that a leaf's length tells little of the event
/// in it.
///
/// Guarantee: whoever holds no key learns kind, day, order and size class; whoever is given a leaf's key can check that
/// this very event is in it, and learns nothing of others. Not guaranteed: that two leaves with one event look alike.
public final class SealedLeaf {
    /// The first octet of every leaf of this form.
    public static final byte VERSION = 2;

    private static final byte EVENT = 1;
    private static final int HEADER = 12;
    private static final int CLEAR = HEADER + LeafKey.SALT + LeafKey.COMMITMENT;
    private static final int LENGTH = 2;
    private static final int SMALLEST = 512;
    private static final int LARGEST = 60 << 10;

    private final byte[] bytes;

    private SealedLeaf(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Seals an event.
    ///
    /// @param epoch  the day whose key seals
    /// @param keyId  names that key
    /// @param key    of that day
    /// @param event  its canonical bytes
    /// @throws IllegalArgumentException when it is larger than the largest size class
    public static SealedLeaf of(int epoch, int keyId, SecretKeySpec key, byte[] event, SecureRandom random) {
        byte[] salt = new byte[LeafKey.SALT];
        random.nextBytes(salt);
        LeafKey own = LeafKey.of(key, salt);
        byte[] clear = ByteBuffer.allocate(CLEAR)
                .put(VERSION)
                .put(EVENT)
                .putShort((short) 0)
                .putInt(epoch)
                .putInt(keyId)
                .put(salt)
                .put(own.commitment())
                .array();
        byte[] ciphertext = own.seal(clear, padded(event));
        return new SealedLeaf(ByteBuffer.allocate(CLEAR + ciphertext.length)
                .put(clear)
                .put(ciphertext)
                .array());
    }

    /// As [#of(int, int, SecretKeySpec, byte\[\], SecureRandom)], under a key that is nobody's: samples to measure
    /// with.
    public static SealedLeaf sample(int epoch, byte[] key, byte[] event, SecureRandom random) {
        return of(epoch, 0, new SecretKeySpec(key, LeafKey.MAC), event, random);
    }

    /// Empty for what is no sealed event of this form.
    public static Optional<SealedLeaf> parse(byte[] bytes) {
        boolean sealed = bytes.length >= CLEAR + LeafKey.TAG + SMALLEST
                && bytes[0] == VERSION
                && bytes[1] == EVENT
                && bytes[2] == 0
                && bytes[3] == 0;
        return sealed ? Optional.of(new SealedLeaf(bytes.clone())) : Optional.empty();
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    /// Days since 1970-01-01. Any number: nobody has vouched for it.
    public int epoch() {
        return ByteBuffer.wrap(bytes).getInt(4);
    }

    public int keyId() {
        return ByteBuffer.wrap(bytes).getInt(8);
    }

    /// The key of this leaf, from that of its epoch.
    public LeafKey key(SecretKeySpec epoch) {
        return LeafKey.of(epoch, Arrays.copyOfRange(bytes, HEADER, HEADER + LeafKey.SALT));
    }

    /// The canonical bytes of the event; empty when this is not the leaf's key, or the leaf was altered.
    public Optional<byte[]> open(LeafKey key) {
        return key.open(
                        Arrays.copyOf(bytes, CLEAR),
                        Arrays.copyOfRange(bytes, HEADER + LeafKey.SALT, CLEAR),
                        Arrays.copyOfRange(bytes, CLEAR, bytes.length))
                .flatMap(SealedLeaf::event);
    }

    private static byte[] padded(byte[] event) {
        return ByteBuffer.allocate(sizeClass(event.length + LENGTH))
                .putShort((short) event.length)
                .put(event)
                .array();
    }

    /// 512, 768, 1024, 1536, 2048, … octets: a power of two, or half as much again.
    static int sizeClass(int length) {
        for (int size = SMALLEST; size < LARGEST; size *= 2) {
            if (length <= size) {
                return size;
            }
            if (length <= size + size / 2) {
                return size + size / 2;
            }
        }
        if (length <= LARGEST) {
            return LARGEST;
        }
        throw new IllegalArgumentException("an event has at most " + (LARGEST - LENGTH) + " octets");
    }

    private static Optional<byte[]> event(byte[] padded) {
        int length = Short.toUnsignedInt(ByteBuffer.wrap(padded).getShort());
        return LENGTH + length <= padded.length
                ? Optional.of(Arrays.copyOfRange(padded, LENGTH, LENGTH + length))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return "SealedLeaf[" + bytes.length + " octets]";
    }
}
