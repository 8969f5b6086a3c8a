package dev.postern.kms.envelope;

import dev.postern.kms.envelope.NotOpened.Reason;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/// A sealed value as it is stored: `0x01 || generation (4) || salt (24) || ciphertext || tag (16)`; as text `pe1.` and
/// that in base64url. Reading the form needs no key, so that a store can be inspected without one.
public final class SealedRecord {
    public static final String TEXT_PREFIX = "pe1.";

    static final int SALT_BYTES = 24;
    static final int TAG_BYTES = 16;
    private static final byte VERSION = 1;
    private static final int HEADER_BYTES = Byte.BYTES + Integer.BYTES + SALT_BYTES;

    private final int generation;
    private final byte[] salt;
    private final byte[] ciphertext;

    /// The arrays are the record's from now on.
    SealedRecord(int generation, byte[] salt, byte[] ciphertext) {
        this.generation = generation;
        this.salt = salt;
        this.ciphertext = ciphertext;
    }

    /// Of the data key that opens it.
    public int generation() {
        return generation;
    }

    byte[] salt() {
        return salt;
    }

    /// With its tag; a sound one cannot be told from random bytes.
    public byte[] ciphertext() {
        return ciphertext.clone();
    }

    /// Reads the form alone; nothing is authenticated.
    ///
    /// @throws NotOpened if it has another form
    public static SealedRecord parse(byte[] record) throws NotOpened {
        if (record.length < HEADER_BYTES + TAG_BYTES || record[0] != VERSION) {
            throw new NotOpened(Reason.NO_RECORD);
        }
        int generation = ByteBuffer.wrap(record).getInt(Byte.BYTES);
        if (generation < 1) {
            throw new NotOpened(Reason.NO_RECORD);
        }
        return new SealedRecord(
                generation,
                Arrays.copyOfRange(record, HEADER_BYTES - SALT_BYTES, HEADER_BYTES),
                Arrays.copyOfRange(record, HEADER_BYTES, record.length));
    }

    /// Reads the form as text alone; nothing is authenticated.
    ///
    /// @throws NotOpened if it has another form
    public static SealedRecord parse(String text) throws NotOpened {
        if (!text.startsWith(TEXT_PREFIX)) {
            throw new NotOpened(Reason.NO_RECORD);
        }
        try {
            return parse(Base64.getUrlDecoder().decode(text.substring(TEXT_PREFIX.length())));
        } catch (IllegalArgumentException _) {
            throw new NotOpened(Reason.NO_RECORD);
        }
    }

    byte[] bytes() {
        return ByteBuffer.allocate(HEADER_BYTES + ciphertext.length)
                .put(VERSION)
                .putInt(generation)
                .put(salt)
                .put(ciphertext)
                .array();
    }

    String text() {
        return TEXT_PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes());
    }

    /// What is authenticated besides the ciphertext: form and generation, and where the record lives.
    static byte[] associated(int generation, Place place) {
        byte[] where = place.bytes();
        return ByteBuffer.allocate(Byte.BYTES + Integer.BYTES + where.length)
                .put(VERSION)
                .putInt(generation)
                .put(where)
                .array();
    }

    @Override
    public String toString() {
        return "SealedRecord[generation " + generation + "]";
    }
}
