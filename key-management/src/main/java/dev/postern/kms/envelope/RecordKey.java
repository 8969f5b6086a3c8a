package dev.postern.kms.envelope;

import java.security.SecureRandom;
import java.time.Instant;

/// Seals the records of one group that may have to be shredded together: whoever keeps the key keeps it sealed beside
/// them ([FieldSeal]), and destroying it ends them all. Records have the form, and the guarantees, of [FieldSeal]'s.
///
/// Safe for any thread. Prints nothing.
public final class RecordKey {
    private static final int ONLY = 1;

    private final DataKey key;

    /// @param material 32 uniformly random bytes
    public RecordKey(byte[] material) {
        this.key = new DataKey(ONLY, Instant.EPOCH, material);
    }

    /// A record as text.
    public String seal(Place place, byte[] plaintext, SecureRandom random) {
        return key.seal(SealedRecord.associated(ONLY, place), plaintext, random).text();
    }

    /// The inverse of [#seal].
    public byte[] open(Place place, String sealed) throws NotOpened {
        return key.open(SealedRecord.associated(ONLY, place), SealedRecord.parse(sealed));
    }

    @Override
    public String toString() {
        return "RecordKey[hidden]";
    }
}
