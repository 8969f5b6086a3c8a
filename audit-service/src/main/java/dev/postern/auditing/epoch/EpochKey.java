package dev.postern.auditing.epoch;

import dev.postern.audit.leaf.LeafKey;
import dev.postern.audit.leaf.SealedLeaf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The key of one epoch, from which each leaf's own key comes. Prints nothing.
final class EpochKey {
    static final int BYTES = 32;

    private static final String MAC = "HmacSHA256";
    private static final byte[] ID_LABEL = "postern audit epoch id 1".getBytes(StandardCharsets.US_ASCII);

    private final Epoch epoch;
    private final SecretKeySpec secret;
    private final int id;
    private final IndexKey index;

    EpochKey(Epoch epoch, byte[] material) {
        if (material.length != BYTES) {
            throw new IllegalArgumentException("an epoch's key has 32 octets");
        }
        this.epoch = epoch;
        this.secret = new SecretKeySpec(material, MAC);
        this.id = id(secret);
        this.index = IndexKey.of(secret);
    }

    /// Names the key in a leaf's header; tells nothing of it.
    private static int id(SecretKeySpec secret) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(secret);
            return ByteBuffer.wrap(mac.doFinal(ID_LABEL)).getInt();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", e);
        }
    }

    SealedLeaf seal(byte[] event, SecureRandom random) {
        return SealedLeaf.of(epoch.day(), id, secret, event, random);
    }

    /// What the epoch's index is written with.
    IndexKey index() {
        return index;
    }

    /// What opens a leaf of this epoch, and nothing else.
    LeafKey of(SealedLeaf leaf) {
        return leaf.key(secret);
    }

    @Override
    public String toString() {
        return "EpochKey[" + epoch + "]";
    }
}
