package dev.postern.kms.envelope;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;

/// Seals the values of a store, each to its place.
///
/// Guarantees: nobody without the data key learns a value, or can alter it, move it to another place, or make one
/// (AES-256-GCM with the place as associated data). Not guaranteed: lengths are visible; an old value put back into its
/// own place opens; a removed row is not missed.
///
/// Safe for any thread.
public final class FieldSeal {
    private final KeyRing ring;
    private final SecureRandom random;

    public FieldSeal(KeyRing ring, SecureRandom random) {
        this.ring = ring;
        this.random = random;
    }

    public byte[] seal(Place place, byte[] plaintext) {
        return sealed(place, plaintext).bytes();
    }

    /// The inverse of [#seal].
    public byte[] open(Place place, byte[] sealed) throws NotOpened {
        return open(place, SealedRecord.parse(sealed));
    }

    /// For a text column: at most 4/3 of the UTF-8 bytes and 64 more.
    public String sealText(Place place, String text) {
        byte[] plaintext = text.getBytes(StandardCharsets.UTF_8);
        String sealed = sealed(place, plaintext).text();
        Arrays.fill(plaintext, (byte) 0);
        return sealed;
    }

    /// The inverse of [#sealText].
    public String openText(Place place, String sealed) throws NotOpened {
        byte[] plaintext = open(place, SealedRecord.parse(sealed));
        String text = new String(plaintext, StandardCharsets.UTF_8);
        Arrays.fill(plaintext, (byte) 0);
        return text;
    }

    /// Whether the generation that seals now sealed it.
    public boolean isCurrent(String sealed) throws NotOpened {
        return SealedRecord.parse(sealed).generation() == ring.active(KeyUse.RECORDS);
    }

    private SealedRecord sealed(Place place, byte[] plaintext) {
        DataKey key = ring.sealing(KeyUse.RECORDS);
        return key.seal(SealedRecord.associated(key.generation(), place), plaintext, random);
    }

    private byte[] open(Place place, SealedRecord sealed) throws NotOpened {
        return ring.opening(KeyUse.RECORDS, sealed.generation())
                .open(SealedRecord.associated(sealed.generation(), place), sealed);
    }
}
