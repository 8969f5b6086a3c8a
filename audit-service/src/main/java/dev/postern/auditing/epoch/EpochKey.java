package dev.postern.auditing.epoch;

import dev.postern.audit.leaf.LeafKey;
import dev.postern.audit.leaf.SealedLeaf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The keys of one epoch: one seals leaves, the other makes index tokens. Prints nothing.
final class EpochKey {
    static final int BYTES = 64;

    private static final int HALF = BYTES / 2;
    private static final int TOKEN_BYTES = 16;
    private static final String MAC = "HmacSHA256";
    private static final byte[] ID_LABEL = "postern audit epoch id 1".getBytes(StandardCharsets.US_ASCII);

    private final Epoch epoch;
    private final SecretKeySpec sealing;
    private final SecretKeySpec indexing;
    private final int id;

    EpochKey(Epoch epoch, byte[] material) {
        if (material.length != BYTES) {
            throw new IllegalArgumentException("an epoch's keys have 64 octets");
        }
        this.epoch = epoch;
        this.sealing = new SecretKeySpec(material, 0, HALF, MAC);
        this.indexing = new SecretKeySpec(material, HALF, HALF, MAC);
        this.id = ByteBuffer.wrap(mac(ID_LABEL)).getInt();
    }

    Epoch epoch() {
        return epoch;
    }

    SealedLeaf seal(byte[] event, SecureRandom random) {
        return SealedLeaf.of(epoch.day(), id, sealing, event, random);
    }

    /// What opens a leaf of this epoch, and nothing else.
    LeafKey of(SealedLeaf leaf) {
        return leaf.key(sealing);
    }

    /// Stands for a field's value in the index: equal values of one epoch have equal tokens, and nobody without the
    /// key can test a guess.
    byte[] token(String field, String value) {
        return Arrays.copyOf(mac((field + "\n" + value).getBytes(StandardCharsets.UTF_8)), TOKEN_BYTES);
    }

    private byte[] mac(byte[] message) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(indexing);
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", e);
        }
    }

    @Override
    public String toString() {
        return "EpochKey[" + epoch + "]";
    }
}
